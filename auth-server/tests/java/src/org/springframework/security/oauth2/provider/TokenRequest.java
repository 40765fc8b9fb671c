package org.springframework.security.oauth2.provider;

public class TokenRequest extends BaseRequest {
    public String grantType;
}
