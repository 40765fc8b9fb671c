package org.springframework.security.oauth2.common;

import java.io.Serializable;
import java.util.Collections;
import java.util.Date;
import java.util.Map;
import java.util.Set;

public class DefaultOAuth2AccessToken implements Serializable {
    private static final long serialVersionUID = 914967629530462926L;

    public String value;
    public Date expiration;
    public String tokenType = "bearer";
    public OAuth2RefreshToken refreshToken;
    public Set<String> scope;
    public Map<String, Object> additionalInformation = Collections.emptyMap();

    public DefaultOAuth2AccessToken(String value) {
        this.value = value;
    }
}
