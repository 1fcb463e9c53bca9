// Приём входа через Госуслуги: Java 8+, без библиотек. / Receiver of the bridge's signed link: Java 8+, no dependencies.
//
//   Receiver receiver = new Receiver("https://vhod.school.example", "sgo", "sgo",  // мост = iss; id журнала; aud
//       "HS256", System.getenv("SGO_KEY"),             // HS256: общий ключ, как есть; ES256, RS256: открытый ключ моста (PEM)
//       "https://sgo.school.example/diary/", true);    // сюда ведёт вход; true: пускать лишь тех, кто нажал «Войти» в журнале
//   начать вход:         state = receiver.newState(); в сессию браузера (последние пять); ответ 303 на receiver.loginAddress(state)
//   /sso, GET или POST:  Map account = receiver.enter(token, states); новая сессия с новым номером; 303 на receiver.way(account)
//   POST /sso-logout:    String sid = receiver.leave(logoutToken); закрыть сессии с этим sid; ответ 200. При Refused ответ 400
//   POST /sso-check:     Map asked = receiver.asked(loginCheck); ответ JSON {"valid": true, "login": …} или {"valid": false}; при Refused 400
//   Refused.getMessage() — код для школы. account.get("sid") сохраните: по нему придёт выход.
import java.math.BigInteger;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.*;
import java.security.spec.X509EncodedKeySpec;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

public final class Receiver {
    public static final class Refused extends Exception {
        Refused(String code) { super(code); }
    }

    private static final int SKEW = 30; // seconds: the clocks of two servers differ
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final List<String> NEEDED = Arrays.asList("jti", "account", "login", "role", "school");
    private static final List<String> ASKED = Arrays.asList("login", "password", "school");
    private static final List<String> KEPT = Arrays.asList("account", "login", "role", "school", "child", "sid", "return_to");
    private final String bridge, journal, audience, alg, key, home;
    private final boolean requireState;
    // One process; several need a table with a unique key instead. Name -> seconds until which it is remembered.
    private final ConcurrentHashMap<String, Long> seen = new ConcurrentHashMap<>();
    long now = 0; // only to try the test vectors; 0: the real time

    public Receiver(String bridge, String journal, String audience, String alg, String key, String home, boolean requireState) {
        this.bridge = bridge; this.journal = journal; this.audience = audience;
        this.alg = alg; this.key = key; this.home = home; this.requireState = requireState;
    }

    public String newState() {
        byte[] octets = new byte[16];
        new SecureRandom().nextBytes(octets);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    public String loginAddress(String state) throws Exception {
        return bridge + "/login?journal=" + URLEncoder.encode(journal, "UTF-8") + "&return=" + URLEncoder.encode(home, "UTF-8") + "&state=" + state;
    }

    public Map<String, String> enter(String token, Collection<String> states) throws Refused {
        Map<?, ?> claims = read(token, "JWT");
        for (String name : NEEDED) if (!isText(claims.get(name))) throw new Refused("token-form");
        Object state = claims.get("state");
        if (state == null ? requireState : !states.contains(state)) throw new Refused("state-foreign");
        if (seen.getOrDefault("sid " + claims.get("sid"), 0L) > seconds()) throw new Refused("session-over"); // the logout was faster
        once("jti " + claims.get("jti"), (Long) claims.get("exp") + SKEW);
        Map<String, String> account = new LinkedHashMap<>();
        for (String name : KEPT) if (claims.get(name) instanceof String) account.put(name, (String) claims.get(name));
        return account;
    }

    /** A clean address: the token stays in no history. */
    public String way(Map<String, String> account) {
        String wanted = account.get("return_to");
        return wanted != null && wanted.startsWith(home) ? wanted : home;
    }

    public String leave(String token) throws Refused {
        Map<?, ?> claims = read(token, "logout+jwt");
        boolean meant = claims.get("events") instanceof Map && ((Map<?, ?>) claims.get("events")).containsKey(EVENT);
        if (!meant || claims.containsKey("nonce") || !isText(claims.get("sid")) || !isText(claims.get("jti"))) throw new Refused("token-form");
        once("logout " + claims.get("jti"), (Long) claims.get("exp") + SKEW);
        seen.put("sid " + claims.get("sid"), seconds() + 120); // a hand-off may still be under way
        return (String) claims.get("sid");
    }

    /** The bridge asks whether login and password of the journal fit: "login", "password", "school". Write none of it down. */
    public Map<String, String> asked(String token) throws Refused {
        Map<?, ?> claims = read(token, "login-check+jwt");
        if (!isText(claims.get("jti"))) throw new Refused("token-form");
        Map<String, String> asked = new LinkedHashMap<>();
        for (String name : ASKED) {
            if (!(claims.get(name) instanceof String)) throw new Refused("token-form");
            asked.put(name, (String) claims.get(name));
        }
        once("check " + claims.get("jti"), (Long) claims.get("exp") + SKEW);
        return asked;
    }

    /** Everything is checked before a word of it is believed. */
    private Map<?, ?> read(String token, String typ) throws Refused {
        if (token == null || token.length() > 8192 || !token.matches("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+")) throw new Refused("token-form");
        String[] parts = token.split("\\.");
        Map<?, ?> header, claims;
        byte[] signature;
        try {
            header = (Map<?, ?>) new Json(decode(parts[0])).whole();
            claims = (Map<?, ?>) new Json(decode(parts[1])).whole();
            signature = Base64.getUrlDecoder().decode(parts[2]);
        } catch (RuntimeException wrong) { throw new Refused("token-form"); }
        if (header == null || claims == null) throw new Refused("token-form");
        if (!alg.equals(header.get("alg"))) throw new Refused("token-algorithm"); // the settings say which, never the token
        if (!isSigned((parts[0] + "." + parts[1]).getBytes(StandardCharsets.US_ASCII), signature)) throw new Refused("token-signature");
        if (!typ.equals(header.get("typ")) || !(claims.get("iat") instanceof Long) || !(claims.get("exp") instanceof Long)) throw new Refused("token-form");
        if (!bridge.equals(claims.get("iss"))) throw new Refused("token-issuer");
        if (!audience.equals(claims.get("aud"))) throw new Refused("token-audience");
        if ((Long) claims.get("iat") > seconds() + SKEW) throw new Refused("token-early");
        if ((Long) claims.get("exp") + SKEW <= seconds()) throw new Refused("token-expired");
        return claims;
    }

    private boolean isSigned(byte[] text, byte[] signature) {
        try {
            if (alg.equals("HS256")) {
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
                return MessageDigest.isEqual(mac.doFinal(text), signature);
            }
            boolean rsa = alg.equals("RS256");
            byte[] der = Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", ""));
            Signature verifier = Signature.getInstance(rsa ? "SHA256withRSA" : "SHA256withECDSA");
            verifier.initVerify(KeyFactory.getInstance(rsa ? "RSA" : "EC").generatePublic(new X509EncodedKeySpec(der)));
            verifier.update(text);
            return verifier.verify(rsa ? signature : der(signature));
        } catch (SignatureException | IllegalArgumentException wrong) { return false; }
        catch (GeneralSecurityException wrong) { throw new IllegalStateException("alg or key of the settings: " + wrong.getMessage(), wrong); }
    }

    /** ES256: r and s side by side (RFC 7518, 3.4) as the ASN.1 that Java 8 reads. */
    private static byte[] der(byte[] signature) {
        if (signature.length != 64) throw new IllegalArgumentException();
        byte[] r = new BigInteger(1, Arrays.copyOfRange(signature, 0, 32)).toByteArray(), s = new BigInteger(1, Arrays.copyOfRange(signature, 32, 64)).toByteArray();
        java.nio.ByteBuffer out = java.nio.ByteBuffer.allocate(6 + r.length + s.length);
        out.put((byte) 0x30).put((byte) (4 + r.length + s.length)).put((byte) 2).put((byte) r.length).put(r).put((byte) 2).put((byte) s.length).put(s);
        return out.array();
    }

    private void once(String name, long until) throws Refused {
        seen.values().removeIf(end -> end <= seconds());
        if (seen.putIfAbsent(name, until) != null) throw new Refused("token-used"); // one step: of two at once one is first
    }

    private long seconds() { return now > 0 ? now : System.currentTimeMillis() / 1000; }
    private static boolean isText(Object value) { return value instanceof String && !((String) value).isEmpty(); }
    private static String decode(String part) { return new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8); }
}
