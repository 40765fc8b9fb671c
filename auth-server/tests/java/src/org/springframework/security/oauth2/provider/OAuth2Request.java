package org.springframework.security.oauth2.provider;

import java.io.Serializable;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.security.core.GrantedAuthority;

public class OAuth2Request extends BaseRequest implements Serializable {
    private static final long serialVersionUID = 1L;

    public Set<String> resourceIds = new HashSet<>();
    public Collection<? extends GrantedAuthority> authorities = new HashSet<>();
    public boolean approved = false;
    public TokenRequest refresh = null;
    public String redirectUri;
    public Set<String> responseTypes = new HashSet<>();
    public Map<String, Serializable> extensions = new HashMap<>();
}
