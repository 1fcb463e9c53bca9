# Маленький журнал вокруг receiver.py: запустите и сравните со своим. / A small journal around receiver.py.
#   BRIDGE=https://vhod.school.example HOME_URL=http://localhost:8090/diary/ KEY=… python3 demo.py 8090
import json, os, secrets, sys, threading
from html import escape
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from receiver import Receiver, Refused

env = os.environ
receiver = Receiver(bridge=env["BRIDGE"], journal=env.get("JOURNAL", "sgo"), audience=env.get("AUDIENCE", "sgo"),
                    alg=env.get("ALG", "HS256"), key=env["KEY"], home=env["HOME_URL"], used=env.get("USED", "bridge-used.db"),
                    require_state=env.get("REQUIRE_STATE", "yes") == "yes", **({"now": lambda: int(env["NOW"])} if "NOW" in env else {}))
passwords = {"p-1001": "journal-p-1001"}
sessions = {}  # number -> {"states": [...], "account": {...}}


made = {}  # yours: a table with a unique index on the key, and one on school and sub
making = threading.Lock()


def make(wish):
    with making:
        who, before = (wish["school"], wish["sub"]), made.get(wish["key"])
        if before is None and any(each["who"] == who for each in made.values()): return {"created": False, "why": "exists"}
        if before is None: before = made[wish["key"]] = {"who": who, "login": "g-" + secrets.token_hex(5)}
        return {"created": True, "login": before["login"]}


class Page(BaseHTTPRequestHandler):
    def session(self):
        found = SimpleCookie(self.headers.get("Cookie", "")).get("journal")
        return found.value if found and found.value in sessions else None

    def answer(self, status, text="", location=None, session=None):
        self.send_response(status)
        for name, value in (("Location", location), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer"),
                            ("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(text.encode())))):
            if value: self.send_header(name, value)
        if session:
            secure = "; Secure" if receiver.home.startswith("https:") else ""
            self.send_header("Set-Cookie", "journal=%s; Path=/; HttpOnly; SameSite=%s" % (session, "None" + secure if secure else "Lax"))
        self.end_headers()
        self.wfile.write(text.encode())

    def fields(self):
        query = parse_qs(urlsplit(self.path).query)
        if self.command == "POST":
            query = parse_qs(self.rfile.read(min(int(self.headers.get("Content-Length") or 0), 16384)).decode("utf-8", "replace"))
        return lambda name: query.get(name, [""])[0]

    def do_GET(self):
        path, field, number = urlsplit(self.path).path, self.fields(), self.session()
        if path == "/login":
            state, address = receiver.start()
            number = number or secrets.token_hex(16)
            session = sessions.setdefault(number, {"states": []})
            session["states"] = (session["states"] + [state])[-5:]
            return self.answer(303, location=address, session=number)
        if path == "/sso":
            try:
                account = receiver.enter(field("token"), sessions.get(number, {}).get("states", []))
            except Refused as no:
                return self.answer(400 if no.code == "token-form" else 403, "<!doctype html><html lang=ru><title>Вход не удался</title><h1>Вход не удался</h1><p>Вернитесь на страницу журнала и войдите ещё раз.</p><p>Для школы: %s</p>" % no.code)
            sessions.pop(number, None)  # a new number: whoever knew the old one is not in
            fresh = secrets.token_hex(16)
            sessions[fresh] = {"states": [], "account": account}
            return self.answer(303, location=receiver.way(account), session=fresh)
        if path == "/sso-logout" and self.command == "POST":
            try:
                sid = receiver.leave(field("logout_token"))
            except Refused:
                return self.answer(400)
            for known in [n for n, s in list(sessions.items()) if s.get("account", {}).get("sid") == sid]: sessions.pop(known, None)
            return self.answer(200)
        if path == "/sso-check" and self.command == "POST":
            try:
                asked = receiver.asked(field("login_check"))
            except Refused:
                return self.answer(400, "{}")
            fits = passwords.get(asked["login"]) == asked["password"]  # yours: salted hashes, and the count of wrong ones
            return self.answer(200, json.dumps({"valid": True, "login": asked["login"]} if fits else {"valid": False}))
        if path == "/sso-create" and self.command == "POST":
            try:
                wish = receiver.wanted(field("new_account"))
            except Refused:
                return self.answer(400, "{}")
            return self.answer(200, json.dumps(make(wish)))
        account = sessions.get(number, {}).get("account")
        if account is None: return self.answer(403, "<h1>Войдите</h1>")
        self.answer(200, "<h1>Дневник</h1><p>%s %s</p>" % (escape(account["login"]), escape(account.get("child", ""))))

    do_POST = do_GET

    def log_message(self, *_): pass  # an access log would keep tokens


server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Page)
print("listening on %d" % server.server_port, flush=True)
server.serve_forever()
