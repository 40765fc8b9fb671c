import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import com.example.OwnUser;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.oauth2.common.DefaultExpiringOAuth2RefreshToken;
import org.springframework.security.oauth2.common.DefaultOAuth2AccessToken;
import org.springframework.security.oauth2.common.DefaultOAuth2RefreshToken;
import org.springframework.security.oauth2.provider.OAuth2Authentication;
import org.springframework.security.oauth2.provider.OAuth2Request;
import org.springframework.security.oauth2.provider.TokenRequest;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Writes the streams that the tests read, each to a file `NAME.ser` of the folder that it is given. */
public class Write {
    private static final String ACCESS = "0ld-access-token-of-the-owner";
    private static final String REFRESH = "0ld-refresh-token-of-the-owner";
    /** 2096-10-02T07:06:40.789Z: past it these tokens are of no use to tests. */
    private static final Date FAR = new Date(4_000_000_000_789L);
    private static Path folder;

    public static void main(String[] arguments) throws Exception {
        folder = Path.of(arguments[0]);
        tokens();
        authentications();
        collections();
        strangeTokens();
        strangeStreams();
    }

    private static void tokens() throws IOException {
        write("access_token", ownersToken());
        write("access_token_of_client", new DefaultOAuth2AccessToken("0ld-access-token-of-the-client"));
        write("expiring_refresh_token", new DefaultExpiringOAuth2RefreshToken(REFRESH, FAR));
        write("refresh_token", new DefaultOAuth2RefreshToken(REFRESH));
        DefaultOAuth2AccessToken informed = ownersToken();
        informed.additionalInformation = information();
        write("access_token_with_information", informed);
    }

    private static DefaultOAuth2AccessToken ownersToken() {
        DefaultOAuth2AccessToken token = new DefaultOAuth2AccessToken(ACCESS);
        token.expiration = FAR;
        token.refreshToken = new DefaultExpiringOAuth2RefreshToken(REFRESH, FAR);
        token.scope = Collections.unmodifiableSet(new LinkedHashSet<>(List.of("photo.write", "photo.read")));
        return token;
    }

    private static Map<String, Object> information() {
        Map<String, Object> nested = new TreeMap<>();
        nested.put("list", Arrays.asList("a", 1, null, 2.5, true));
        nested.put("array", new String[] {"x", "y"});
        nested.put("none", Collections.emptyMap());
        Map<String, Object> information = new LinkedHashMap<>();
        information.put("jti", "7d9a");
        information.put("text", "nul \u0000, \u00e9, \u4e2d\u6587, \ud834\udd1e");
        information.put("long_text", "m\u00fc".repeat(22_000));
        information.put("numbers", List.of(7, 8L, (short) 9, (byte) -1, 1.5f, 'c'));
        information.put("unit", TimeUnit.SECONDS);
        information.put("at", FAR);
        information.put("nested", nested);
        return information;
    }

    private static void authentications() throws IOException {
        write("authentication", authentication(owner(new User("xiaoming", null, roles("ROLE_USER", "ROLE_ADMIN")))));
        write("authentication_of_client", authentication(null));
        write("authentication_of_named_owner", authentication(owner("xiaoming")));
        write("authentication_of_own_user", authentication(owner(new OwnUser("xiaoming"))));
        UsernamePasswordAuthenticationToken unapproved = owner("xiaoming");
        unapproved.authenticated = false;
        write("authentication_not_finished", authentication(unapproved));
        write("authentication_by_password", byPassword());
    }

    private static UsernamePasswordAuthenticationToken owner(Object principal) {
        UsernamePasswordAuthenticationToken owner =
            new UsernamePasswordAuthenticationToken(principal, roles("ROLE_USER", "ROLE_ADMIN"));
        owner.details = new WebAuthenticationDetails("192.0.2.7", "5E55");
        return owner;
    }

    private static OAuth2Authentication authentication(UsernamePasswordAuthenticationToken owner) {
        OAuth2Request request = new OAuth2Request();
        request.clientId = "print-photo";
        request.scope = Collections.unmodifiableSet(new LinkedHashSet<>(List.of("photo.read", "photo.write")));
        Map<String, String> parameters = new HashMap<>();
        parameters.put("grant_type", owner == null ? "client_credentials" : "authorization_code");
        parameters.put("client_id", "print-photo");
        request.requestParameters = Collections.unmodifiableMap(parameters);
        request.resourceIds = new HashSet<>(List.of("photo-space"));
        request.authorities = new HashSet<>(roles("ROLE_CLIENT"));
        request.approved = true;
        request.redirectUri = "http://localhost:9002/callback";
        request.responseTypes = new HashSet<>(List.of("code"));
        return new OAuth2Authentication(request, owner, owner == null ? roles("ROLE_CLIENT") : roles("ROLE_USER", "ROLE_ADMIN"));
    }

    /** As the password grant leaves it, after a renewal: the form is kept as details, the request has a refresh. */
    private static OAuth2Authentication byPassword() {
        UsernamePasswordAuthenticationToken owner = owner(new User("lihua", null, roles("ROLE_USER")));
        owner.details = new LinkedHashMap<>(Map.of("grant_type", "password", "username", "lihua"));
        OAuth2Request request = new OAuth2Request();
        request.clientId = "photo-desktop";
        request.scope = new TreeSet<>(List.of("photo.read"));
        request.requestParameters = new HashMap<>(Map.of("grant_type", "password", "username", "lihua"));
        request.approved = true;
        request.refresh = new TokenRequest();
        request.refresh.clientId = "photo-desktop";
        request.refresh.scope = request.scope;
        request.refresh.requestParameters = new HashMap<>(Map.of("grant_type", "refresh_token"));
        request.refresh.grantType = "refresh_token";
        request.extensions = new HashMap<>(Map.of("tenant", "north"));
        return new OAuth2Authentication(request, owner, roles("ROLE_USER"));
    }

    private static List<SimpleGrantedAuthority> roles(String... names) {
        return Arrays.stream(names).map(SimpleGrantedAuthority::new).toList();
    }

    /** A set and a list of the same two names, and a map of the same one pair, in each of the classes that are common. */
    private static void collections() throws IOException {
        List<String> names = List.of("b", "a");
        Map<String, Object> pair = Map.of("k", "v");
        Object[] lists = {
            new ArrayList<>(names), new LinkedList<>(names), names, Arrays.asList("b", "a"),
            Collections.unmodifiableList(new ArrayList<>(names)), Collections.unmodifiableList(new LinkedList<>(names)),
            Collections.unmodifiableCollection(new ArrayList<>(names)), Collections.synchronizedList(new ArrayList<>(names)),
            new String[] {"b", "a"}, new HashSet<>(names), new LinkedHashSet<>(names), new TreeSet<>(names),
            Set.copyOf(names), Collections.unmodifiableSet(new HashSet<>(names)),
            Collections.unmodifiableSortedSet(new TreeSet<>(names)), Collections.synchronizedSet(new HashSet<>(names)),
        };
        Object[] maps = {
            new HashMap<>(pair), new LinkedHashMap<>(pair), new TreeMap<>(pair), pair, Collections.singletonMap("k", "v"),
            Collections.unmodifiableMap(new HashMap<>(pair)), Collections.unmodifiableSortedMap(new TreeMap<>(pair)),
            Collections.synchronizedMap(new HashMap<>(pair)), new java.util.concurrent.ConcurrentHashMap<>(pair),
        };
        Object[] ones = {
            Collections.singleton("a"), Collections.singletonList("a"), List.of("a"), Set.of("a"),
        };
        Object[] none = {
            Collections.emptyList(), Collections.emptySet(), List.of(), Set.of(), new ArrayList<>(), new HashSet<>(),
        };
        DefaultOAuth2AccessToken token = new DefaultOAuth2AccessToken("collections");
        token.scope = Collections.emptySet();
        token.additionalInformation = new LinkedHashMap<>();
        token.additionalInformation.put("lists", lists);
        token.additionalInformation.put("maps", maps);
        token.additionalInformation.put("ones", ones);
        token.additionalInformation.put("none", none);
        token.additionalInformation.put("empty_maps", new Object[] {Collections.emptyMap(), Map.of(), new HashMap<>()});
        write("collections", token);
    }

    private static void strangeTokens() throws IOException {
        DefaultOAuth2AccessToken looped = ownersToken();
        looped.additionalInformation = new LinkedHashMap<>();
        looped.additionalInformation.put("self", looped.additionalInformation);
        write("strange/information_in_a_loop", looped);
        write("strange/bomb_as_information", bombed(25));
        write("strange/bomb", bomb(200));
        DefaultOAuth2AccessToken many = ownersToken();
        many.additionalInformation = new HashMap<>(Map.of("many", new int[2000]));
        write("strange/many_values", many);
        DefaultOAuth2AccessToken heavy = ownersToken();
        heavy.additionalInformation =
            new HashMap<>(Map.of("heavy", new ArrayList<>(Collections.nCopies(500, "x".repeat(60_000)))));
        write("strange/one_long_text_many_times", heavy);
    }

    private static DefaultOAuth2AccessToken bombed(int levels) {
        DefaultOAuth2AccessToken token = ownersToken();
        token.additionalInformation = new HashMap<>();
        token.additionalInformation.put("bomb", bomb(levels));
        return token;
    }

    /** Each set holds the same two sets as its neighbour: few bytes, 2^levels ways through. */
    private static Set<Object> bomb(int levels) {
        Set<Object> root = new HashSet<>(), one = root, other = new HashSet<>();
        for (int level = 0; level < levels; level++) {
            Set<Object> left = new HashSet<>(), right = new HashSet<>();
            left.add("foo");
            one.add(left);
            one.add(right);
            other.add(left);
            other.add(right);
            one = left;
            other = right;
        }
        return root;
    }

    private static void strangeStreams() throws IOException {
        write("strange/class", String.class);
        ClassLoader loader = Write.class.getClassLoader();
        Class<?>[] faces = {Runnable.class, Serializable.class};
        write("strange/proxy", (Serializable) Proxy.newProxyInstance(loader, faces, new Handler()));
        write("strange/unknown_class", new OwnUser("x"));
        write("strange/array_of_unknown_class", new OwnUser[] {});
        write("strange/text", "a text alone");
        try (ObjectOutputStream stream = open("strange/reset")) {
            stream.writeObject("before");
            stream.reset();
            stream.writeObject("after");
        }
        try (ObjectOutputStream stream = open("strange/block_data_first")) {
            stream.writeInt(7);
            stream.writeObject(new DefaultOAuth2RefreshToken(REFRESH));
        }
    }

    private static class Handler implements java.lang.reflect.InvocationHandler, Serializable {
        private static final long serialVersionUID = 1L;

        public Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            return null;
        }
    }

    private static ObjectOutputStream open(String name) throws IOException {
        Path file = folder.resolve(name + ".ser");
        Files.createDirectories(file.getParent());
        return new ObjectOutputStream(Files.newOutputStream(file));
    }

    private static void write(String name, Object object) throws IOException {
        try (ObjectOutputStream stream = open(name)) {
            stream.writeObject(object);
        }
    }
}
