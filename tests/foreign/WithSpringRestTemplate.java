import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.util.MultiValueMap;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestTemplate;

/**
 * Spring's own RestTemplate, with the converters that services of that time have, asks for tokens, asks about them, fetches the
 * key and calls an API. The arguments are the addresses of the three services.
 */
public class WithSpringRestTemplate {
    private static final RestTemplate TEMPLATE = new RestTemplate();
    private static String auth;

    public static void main(String[] addresses) throws Exception {
        auth = addresses[0];
        Map<?, ?> own = token("photo-backup", "grant_type", "client_credentials");
        check("bearer".equals(own.get("token_type")), own);
        Map<?, ?> given = token(
            "photo-desktop", "grant_type", "password", "username", "xiaoming", "password", "photos4me");
        check(given.get("expires_in") instanceof Integer, given);
        aboutTheToken(given);
        theKeyVerifies(given);
        theApiLetsIn(addresses[1], given);
        refusalsAreRead();
        System.out.println("done");
    }

    /** What a resource server of that time asks, and what it needs of the answer. */
    private static void aboutTheToken(Map<?, ?> given) {
        Map<?, ?> answer = post("photo-space", "/oauth/check_token", "token", (String) given.get("access_token"));
        check("xiaoming".equals(answer.get("user_name")), answer);
        check("photo-desktop".equals(answer.get("client_id")), answer);
        check(answer.get("scope") instanceof List, answer);
        check(answer.get("aud") instanceof List, answer);
        check(answer.get("authorities") instanceof List, answer);
        check(answer.get("exp") instanceof Integer || answer.get("exp") instanceof Long, answer);
        check(!answer.containsKey("error"), answer);
    }

    /** The key as it is told to services, and the signature of a token, by Java's own means. */
    private static void theKeyVerifies(Map<?, ?> given) throws Exception {
        HttpEntity<Void> asking = new HttpEntity<>(basic("photo-space"));
        Map<?, ?> told = TEMPLATE.exchange(auth + "/oauth/token_key", HttpMethod.GET, asking, Map.class).getBody();
        check("SHA256withRSA".equals(told.get("alg")), told);
        String pem = ((String) told.get("value")).replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", "");
        X509EncodedKeySpec key = new X509EncodedKeySpec(Base64.getDecoder().decode(pem));
        String[] parts = ((String) given.get("access_token")).split("\\.");
        check(parts.length == 3, given);
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(KeyFactory.getInstance("RSA").generatePublic(key));
        signature.update((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII));
        check(signature.verify(Base64.getUrlDecoder().decode(parts[2])), told);
    }

    private static void theApiLetsIn(String resource, Map<?, ?> given) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Authorization", "Bearer " + given.get("access_token"));
        HttpEntity<Void> asking = new HttpEntity<>(headers);
        Map<?, ?> me = TEMPLATE.exchange(resource + "/me", HttpMethod.GET, asking, Map.class).getBody();
        check("xiaoming".equals(me.get("user_name")), me);
    }

    private static void refusalsAreRead() {
        try {
            post("photo-space", "/oauth/check_token", "token", "of nobody");
            throw new AssertionError("a token of nobody is good");
        } catch (HttpClientErrorException refused) {
            check(refused.getStatusCode() == HttpStatus.BAD_REQUEST, refused.getResponseBodyAsString());
            check(refused.getResponseBodyAsString().contains("\"error\":\"invalid_token\""), refused.getResponseBodyAsString());
        }
        try {
            token("photo-desktop", "grant_type", "password", "username", "xiaoming", "password", "wrong");
            throw new AssertionError("a wrong password is right");
        } catch (HttpClientErrorException refused) {
            check(refused.getStatusCode() == HttpStatus.BAD_REQUEST, refused.getResponseBodyAsString());
            check(refused.getResponseBodyAsString().contains("Bad credentials"), refused.getResponseBodyAsString());
        }
    }

    private static Map<?, ?> token(String client, String... parameters) {
        return post(client, "/oauth/token", parameters);
    }

    private static Map<?, ?> post(String client, String path, String... parameters) {
        MultiValueMap<String, String> form = new LinkedMultiValueMap<>();
        for (int place = 0; place < parameters.length; place += 2) {
            form.add(parameters[place], parameters[place + 1]);
        }
        HttpHeaders headers = basic(client);
        headers.setContentType(MediaType.APPLICATION_FORM_URLENCODED);
        HttpEntity<MultiValueMap<String, String>> asking = new HttpEntity<>(form, headers);
        ResponseEntity<Map> answer = TEMPLATE.exchange(auth + path, HttpMethod.POST, asking, Map.class);
        check(answer.getStatusCode() == HttpStatus.OK, answer);
        return answer.getBody();
    }

    private static HttpHeaders basic(String client) {
        String credentials = client + ":" + client + "-secret";
        HttpHeaders headers = new HttpHeaders();
        byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
        headers.set("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
        return headers;
    }

    private static void check(boolean holds, Object seen) {
        if (!holds) {
            throw new AssertionError(String.valueOf(seen));
        }
    }
}
