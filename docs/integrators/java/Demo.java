// Маленький журнал вокруг Receiver.java: запустите и сравните со своим. / A small journal around Receiver.java.
//   javac *.java && BRIDGE=https://vhod.school.example HOME_URL=http://localhost:8090/diary/ KEY=… java Demo 8090
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.*;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

public final class Demo {
    private static final Receiver receiver = new Receiver(set("BRIDGE", ""), set("JOURNAL", "sgo"), set("AUDIENCE", "sgo"),
        set("ALG", "HS256"), set("KEY", ""), set("HOME_URL", ""), set("REQUIRE_STATE", "yes").equals("yes"));
    private static final Map<String, String> passwords = Collections.singletonMap("p-1001", "journal-p-1001");
    private static final Map<String, List<String>> begun = new ConcurrentHashMap<>(); // session -> states of logins that began in it
    private static final Map<String, Map<String, String>> entered = new ConcurrentHashMap<>(); // session -> account

    public static void main(String[] args) throws IOException {
        receiver.now = Long.parseLong(set("NOW", "0"));
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
        server.setExecutor(Executors.newFixedThreadPool(8));
        server.createContext("/", exchange -> {
            try { answer(exchange); } catch (Exception bug) { bug.printStackTrace(); exchange.sendResponseHeaders(500, -1); } finally { exchange.close(); }
        });
        server.start();
        System.out.println("listening on " + server.getAddress().getPort());
    }

    private static void answer(HttpExchange exchange) throws Exception {
        String path = exchange.getRequestURI().getPath(), session = session(exchange);
        if (path.equals("/login")) {
            String state = receiver.newState(), id = begun.containsKey(session) ? session : receiver.newState();
            List<String> states = begun.computeIfAbsent(id, none -> Collections.synchronizedList(new ArrayList<>()));
            states.add(state);
            if (states.size() > 5) states.remove(0);
            redirect(exchange, receiver.loginAddress(state), id);
        } else if (path.equals("/sso")) {
            try {
                Map<String, String> account = receiver.enter(field(exchange, "token"), begun.getOrDefault(session, Collections.emptyList()));
                begun.remove(session);
                entered.remove(session); // a new number: whoever knew the old one is not in
                String fresh = receiver.newState();
                entered.put(fresh, account);
                redirect(exchange, receiver.way(account), fresh);
            } catch (Receiver.Refused no) {
                page(exchange, no.getMessage().equals("token-form") ? 400 : 403, "<!doctype html><html lang=ru><title>Вход не удался</title>"
                    + "<h1>Вход не удался</h1><p>Вернитесь на страницу журнала и войдите ещё раз.</p><p>Для школы: " + no.getMessage() + "</p>");
            }
        } else if (path.equals("/sso-logout") && exchange.getRequestMethod().equals("POST")) {
            try {
                String sid = receiver.leave(field(exchange, "logout_token"));
                entered.values().removeIf(account -> sid.equals(account.get("sid")));
                page(exchange, 200, "");
            } catch (Receiver.Refused no) { page(exchange, 400, ""); }
        } else if (path.equals("/sso-check") && exchange.getRequestMethod().equals("POST")) {
            try {
                Map<String, String> asked = receiver.asked(field(exchange, "login_check"));
                String right = passwords.get(asked.get("login")); // yours: salted hashes, and the count of wrong ones
                boolean fits = right != null && right.equals(asked.get("password"));
                page(exchange, 200, fits ? "{\"valid\": true, \"login\": \"" + asked.get("login") + "\"}" : "{\"valid\": false}");
            } catch (Receiver.Refused no) { page(exchange, 400, "{}"); }
        } else {
            Map<String, String> account = entered.get(session);
            if (account == null) page(exchange, 403, "<h1>Войдите</h1>");
            else page(exchange, 200, "<h1>Дневник</h1><p>" + escape(account.get("login") + " " + account.getOrDefault("child", "")) + "</p>");
        }
    }

    private static String session(HttpExchange exchange) {
        for (String line : exchange.getRequestHeaders().getOrDefault("Cookie", Collections.emptyList()))
            for (String cookie : line.split("; *")) if (cookie.startsWith("journal=")) return cookie.substring(8);
        return "";
    }

    /** From the body of a POST, else from the address. */
    private static String field(HttpExchange exchange, String name) throws IOException {
        String text = exchange.getRequestURI().getRawQuery();
        if (exchange.getRequestMethod().equals("POST")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            byte[] piece = new byte[4096];
            for (int count; body.size() < 16384 && (count = exchange.getRequestBody().read(piece)) > 0; ) body.write(piece, 0, count);
            text = body.toString("UTF-8");
        }
        for (String pair : text == null ? new String[0] : text.split("&"))
            if (pair.startsWith(name + "=")) return URLDecoder.decode(pair.substring(name.length() + 1), "UTF-8");
        return "";
    }

    private static void redirect(HttpExchange exchange, String to, String session) throws IOException {
        boolean secure = set("HOME_URL", "").startsWith("https:"); // a form of the bridge comes from another site: SameSite=None
        exchange.getResponseHeaders().add("Set-Cookie", "journal=" + session + "; Path=/; HttpOnly; SameSite=" + (secure ? "None; Secure" : "Lax"));
        exchange.getResponseHeaders().add("Location", to);
        page(exchange, 303, "");
    }

    private static void page(HttpExchange exchange, int status, String text) throws IOException {
        byte[] octets = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Cache-Control", "no-store");
        exchange.getResponseHeaders().add("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().add("Content-Type", "text/html; charset=utf-8");
        exchange.sendResponseHeaders(status, octets.length == 0 ? -1 : octets.length);
        if (octets.length > 0) exchange.getResponseBody().write(octets);
    }

    private static String escape(String text) { return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"); }
    private static String set(String name, String otherwise) { return System.getenv().getOrDefault(name, otherwise); }
}
