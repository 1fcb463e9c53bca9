# Приём входа через Госуслуги: Python 3.8+, только стандартная библиотека (для ES256 и RS256 нужен пакет cryptography).
# Receiver of the bridge's signed link: Python 3.8+, standard library only (ES256 and RS256 need the package cryptography).
#
#   receiver = Receiver(
#       bridge="https://vhod.school.example",        # адрес моста без косой черты в конце = iss
#       journal="sgo", audience="sgo",               # id журнала в bridge.yaml; aud
#       alg="HS256", key=os.environ["SGO_KEY"],      # HS256: общий ключ, как есть; иначе открытый ключ моста (PEM)
#       home="https://sgo.school.example/diary/",    # сюда ведёт вход; return_to берётся только ниже этого адреса
#       require_state=True,                          # пускать лишь тех, кто нажал «Войти» в журнале
#       used="/var/lib/journal/bridge.db")           # файл SQLite: использованные пропуска и закончившиеся входы
#   начать вход:   state, address = receiver.start(); state в сессию браузера (последние пять), ответ 303 на address
#   /sso, GET или POST:  account = receiver.enter(token, states); новая сессия с новым номером; 303 на receiver.way(account)
#   POST /sso-logout:    sid = receiver.leave(logout_token); закрыть сессии с этим sid; 200. При Refused ответ 400
#   POST /sso-check:     asked = receiver.asked(login_check); ответ JSON {"valid": true, "login": …} или {"valid": false}; при Refused 400
#   POST /sso-create:    wish = receiver.wanted(new_account); ответ JSON {"created": true, "login": …}, {"created": false, "why": "exists"}; при Refused 400
#   Refused.code — код для школы. account["sid"] сохраните: по нему придёт выход.
import base64, contextlib, hashlib, hmac, json, re, secrets, sqlite3, time
from urllib.parse import urlencode

SKEW = 30  # seconds: the clocks of two servers differ
EVENT = "http://schemas.openid.net/event/backchannel-logout"
KEPT = ("account", "login", "role", "school", "child", "sid", "return_to")


class Refused(Exception):
    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Receiver:
    def __init__(self, bridge, journal, audience, alg, key, home, used, require_state=True, now=time.time):
        self.bridge, self.journal, self.audience, self.alg, self.key = bridge, journal, audience, alg, key
        self.home, self.used, self.require_state, self.now = home, used, require_state, now
        with self._store() as store:
            store.execute("CREATE TABLE IF NOT EXISTS seen (name TEXT PRIMARY KEY, until INTEGER NOT NULL)")

    def start(self, return_to=None):
        state = secrets.token_hex(16)
        query = {"journal": self.journal, "return": return_to or self.home, "state": state}
        return state, self.bridge + "/login?" + urlencode(query)

    def enter(self, token, states):
        claims = self._read(token, "JWT")
        texts = [claims.get(name) for name in ("jti", "account", "login", "role", "school")]
        if not all(isinstance(text, str) and text for text in texts):
            raise Refused("token-form")
        state = claims.get("state")
        if (self.require_state if state is None else state not in states):
            raise Refused("state-foreign")
        with self._store() as store:
            if store.execute("SELECT 1 FROM seen WHERE name = ?", (_name("sid", claims.get("sid")),)).fetchone():
                raise Refused("session-over")  # the logout was faster
        self._once("jti", claims["jti"], claims["exp"] + SKEW)
        return {name: claims[name] for name in KEPT if name in claims}

    def way(self, account):
        """A clean address: the token stays in no history."""
        wanted = account.get("return_to")
        return wanted if isinstance(wanted, str) and wanted.startswith(self.home) else self.home

    def leave(self, token):
        claims = self._read(token, "logout+jwt")
        events, sid, jti = claims.get("events"), claims.get("sid"), claims.get("jti")
        if not isinstance(events, dict) or EVENT not in events or "nonce" in claims:
            raise Refused("token-form")
        if not (isinstance(sid, str) and sid and isinstance(jti, str) and jti):
            raise Refused("token-form")
        self._once("logout", jti, claims["exp"] + SKEW)
        with self._store() as store:  # two minutes: a hand-off may still be under way
            store.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (_name("sid", sid), int(self.now()) + 120))
        return sid

    def asked(self, token):
        """The bridge asks whether login and password of the journal fit: {"login", "password", "school"}. Write none of it down."""
        claims = self._read(token, "login-check+jwt")
        texts = {name: claims.get(name) for name in ("login", "password", "school")}
        if not all(isinstance(text, str) for text in (*texts.values(), claims.get("jti"))):
            raise Refused("token-form")
        self._once("check", claims["jti"], claims["exp"] + SKEW)
        return texts

    def wanted(self, token):
        """The bridge asks for an account: {"key", "sub", "school", "role", "person"}. One key is one account, however often it comes."""
        claims = self._read(token, "new-account+jwt")
        wish = {name: claims.get(name) for name in ("key", "sub", "school", "role")}
        if not all(isinstance(text, str) for text in (*wish.values(), claims.get("jti"))) or not isinstance(claims.get("person"), dict):
            raise Refused("token-form")
        self._once("wish", claims["jti"], claims["exp"] + SKEW)
        return dict(wish, person=claims["person"])

    def _read(self, token, typ):
        """Everything is checked before a word of it is believed."""
        if not isinstance(token, str) or len(token) > 8192 or not re.fullmatch(r"[\w-]+\.[\w-]+\.[\w-]+", token, re.A):
            raise Refused("token-form")
        head, body, signature = token.split(".")
        try:
            header, claims, octets = _json(head), _json(body), _decode(signature)
        except (ValueError, RecursionError):
            raise Refused("token-form")
        if not isinstance(header, dict) or not isinstance(claims, dict):
            raise Refused("token-form")
        if header.get("alg") != self.alg:  # the settings say which, never the token
            raise Refused("token-algorithm")
        if not self._signed((head + "." + body).encode(), octets):
            raise Refused("token-signature")
        issued, expires = claims.get("iat"), claims.get("exp")
        if header.get("typ") != typ or type(issued) is not int or type(expires) is not int:
            raise Refused("token-form")
        if claims.get("iss") != self.bridge:
            raise Refused("token-issuer")
        if claims.get("aud") != self.audience:
            raise Refused("token-audience")
        if issued > self.now() + SKEW:
            raise Refused("token-early")
        if expires + SKEW <= self.now():
            raise Refused("token-expired")
        return claims

    def _signed(self, text, signature):
        if self.alg == "HS256":
            return hmac.compare_digest(hmac.new(self.key.encode(), text, hashlib.sha256).digest(), signature)
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import ec, padding, utils
        key = serialization.load_pem_public_key(self.key.encode())
        try:
            if self.alg == "RS256":
                key.verify(signature, text, padding.PKCS1v15(), hashes.SHA256())
            elif self.alg == "ES256" and len(signature) == 64:  # r and s side by side (RFC 7518, 3.4)
                r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
                key.verify(utils.encode_dss_signature(r, s), text, ec.ECDSA(hashes.SHA256()))
            else:
                return False
        except InvalidSignature:
            return False
        return True

    def _once(self, kind, name, until):
        with self._store() as store:
            store.execute("DELETE FROM seen WHERE until <= ?", (int(self.now()),))
            try:
                store.execute("INSERT INTO seen VALUES (?, ?)", (_name(kind, name), until))
            except sqlite3.IntegrityError:  # the unique key makes it count once, also for two at the same moment
                raise Refused("token-used")

    @contextlib.contextmanager
    def _store(self):
        with contextlib.closing(sqlite3.connect(self.used, timeout=5)) as store, store:
            yield store


def _decode(part):
    return base64.b64decode(part.translate(str.maketrans("-_", "+/")) + "=" * (-len(part) % 4), validate=True)


def _json(part):
    def once(pairs):  # a name that stands twice is read differently by others
        if len(dict(pairs)) != len(pairs): raise ValueError("a name twice")
        return dict(pairs)
    return json.loads(_decode(part), object_pairs_hook=once)


def _name(kind, text):
    return kind + hashlib.sha256(str(text).encode()).hexdigest()
