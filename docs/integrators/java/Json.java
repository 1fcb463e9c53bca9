// Разбор JSON для Receiver.java, если в журнале нет своего. / Reads JSON for Receiver.java; take your own library if you have one.
import java.util.LinkedHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Objects are Map, arrays List, whole numbers Long, other numbers Double. Anything wrong throws IllegalArgumentException. */
final class Json {
    private static final int DEEPEST = 16;
    private final String text;
    private int at = 0, depth = 0;

    Json(String text) { this.text = text; }

    Object whole() {
        Object value = value();
        if (next() != 0) throw wrong();
        return value;
    }

    private Object value() {
        char sign = next();
        if (sign == '{') return object();
        if (sign == '[') return array();
        if (sign == '"') return string();
        for (String word : new String[] {"true", "false", "null"})
            if (text.startsWith(word, at)) {
                at += word.length();
                return word.equals("null") ? null : (Object) word.equals("true");
            }
        int from = at;
        while (at < text.length() && "+-.eE0123456789".indexOf(text.charAt(at)) >= 0) at++;
        String number = text.substring(from, at);
        if (number.matches("-?(0|[1-9][0-9]{0,17})")) return Long.valueOf(number);
        if (number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) return Double.valueOf(number);
        throw wrong();
    }

    private Map<String, Object> object() {
        Map<String, Object> found = new LinkedHashMap<>();
        if (open('}')) return found;
        do {
            if (next() != '"') throw wrong();
            String name = string();
            take(':');
            if (found.containsKey(name)) throw wrong(); // a name that stands twice is read differently by others
            found.put(name, value());
        } while (another('}'));
        return found;
    }

    private List<Object> array() {
        List<Object> found = new ArrayList<>();
        if (open(']')) return found;
        do found.add(value()); while (another(']'));
        return found;
    }

    private boolean open(char end) {
        if (++depth > DEEPEST) throw wrong();
        at++;
        if (next() != end) return false;
        return !close();
    }

    private boolean another(char end) {
        if (next() == end) return close();
        take(',');
        return true;
    }

    private boolean close() {
        at++;
        depth--;
        return false;
    }

    private String string() {
        StringBuilder found = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char sign = text.charAt(at);
            if (sign == '"') {
                at++;
                return found.toString();
            }
            if (sign < ' ') throw wrong();
            if (sign != '\\') found.append(sign);
            else if (++at < text.length()) found.append(escaped(text.charAt(at)));
        }
        throw wrong();
    }

    private char escaped(char sign) {
        int known = "\"\\/bfnrt".indexOf(sign);
        if (known >= 0) return "\"\\/\b\f\n\r\t".charAt(known);
        if (sign != 'u' || !text.substring(at).matches("(?s)u[0-9A-Fa-f]{4}.*")) throw wrong();
        at += 4;
        return (char) Integer.parseInt(text.substring(at - 3, at + 1), 16);
    }

    private void take(char sign) {
        if (next() != sign) throw wrong();
        at++;
    }

    /** The next sign that is no blank; 0 at the end. */
    private char next() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) at++;
        return at < text.length() ? text.charAt(at) : 0;
    }

    private IllegalArgumentException wrong() { return new IllegalArgumentException("no JSON at " + at); }
}
