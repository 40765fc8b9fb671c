package org.springframework.security.oauth2.provider;

import java.util.Collection;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

public class OAuth2Authentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = -4809832298438307309L;

    private final OAuth2Request storedRequest;
    private final Authentication userAuthentication;

    public OAuth2Authentication(OAuth2Request request, Authentication owner, Collection<? extends GrantedAuthority> authorities) {
        super(authorities);
        this.storedRequest = request;
        this.userAuthentication = owner;
    }
}
