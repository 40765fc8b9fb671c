package org.springframework.security.oauth2.common;

import java.io.Serializable;

public class DefaultOAuth2RefreshToken implements Serializable, OAuth2RefreshToken {
    private static final long serialVersionUID = 8349970621900575838L;

    private String value;

    public DefaultOAuth2RefreshToken(String value) {
        this.value = value;
    }
}
