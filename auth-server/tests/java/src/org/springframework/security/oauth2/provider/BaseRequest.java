package org.springframework.security.oauth2.provider;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;

public abstract class BaseRequest implements Serializable {
    public String clientId;
    public Set<String> scope;
    public Map<String, String> requestParameters;
}
