package org.springframework.security.oauth2.provider;

import java.io.Serializable;
import java.util.Map;
import java.util.Set;

public abstract class BaseRequest implements Serializable {
    /** That of the library's class, which says none: the JDK computes it from the class. */
    private static final long serialVersionUID = 3902503486565214653L;
    public String clientId;
    public Set<String> scope;
    public Map<String, String> requestParameters;
}
