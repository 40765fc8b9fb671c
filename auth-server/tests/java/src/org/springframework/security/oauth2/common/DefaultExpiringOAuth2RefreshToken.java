package org.springframework.security.oauth2.common;

import java.util.Date;

public class DefaultExpiringOAuth2RefreshToken extends DefaultOAuth2RefreshToken {
    private static final long serialVersionUID = 3449554332764129719L;

    private final Date expiration;

    public DefaultExpiringOAuth2RefreshToken(String value, Date expiration) {
        super(value);
        this.expiration = expiration;
    }
}
