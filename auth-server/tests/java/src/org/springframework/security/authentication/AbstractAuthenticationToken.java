package org.springframework.security.authentication;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;

public abstract class AbstractAuthenticationToken implements Authentication {
    /** That of the library's class, which says none: the JDK computes it from the class. */
    private static final long serialVersionUID = -3194696462184782834L;
    private final Collection<GrantedAuthority> authorities;
    public Object details;
    public boolean authenticated = false;

    public AbstractAuthenticationToken(Collection<? extends GrantedAuthority> authorities) {
        this.authorities = Collections.unmodifiableList(new ArrayList<>(authorities));
    }
}
