// Приём входа через Госуслуги: .NET Framework 4.6+, Mono, .NET 6+, без библиотек. / Receiver of the bridge's signed link, no packages.
//
//   var receiver = new Receiver("https://vhod.school.example", "sgo", "sgo",         // мост = iss; id журнала; aud
//       "HS256", Environment.GetEnvironmentVariable("SGO_KEY"),  // HS256: общий ключ, как есть; RS256: открытый ключ моста (PEM)
//       "https://sgo.school.example/diary/", true,      // сюда ведёт вход; true: пускать лишь тех, кто нажал «Войти» в журнале
//       new SeenInMemory());                            // один процесс; несколько: своя ISeen над таблицей с уникальным ключом
//   начать вход:         state = Receiver.NewState(); в сессию браузера (последние пять); ответ 303 на receiver.LoginAddress(state)
//   /sso, GET или POST:  var account = receiver.Enter(token, states); новая сессия с новым номером; 303 на receiver.Way(account)
//   POST /sso-logout:    string sid = receiver.Leave(logoutToken); закрыть сессии с этим sid; ответ 200. При Refused ответ 400
//   POST /sso-check:     var asked = receiver.Asked(loginCheck); ответ JSON {"valid": true, "login": …} или {"valid": false}; при Refused 400
//   Refused.Message — код для школы. account["sid"] сохраните: по нему придёт выход.
using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

public sealed class Refused : Exception
{
    public Refused(string code) : base(code) { }
}

/// <summary>Remembers names until a second (since 1970). Replace it by a table when the journal has several processes.</summary>
public interface ISeen
{
    /// <summary>Writes the name down in one step; false when it is there already: of two at the same moment one is first.</summary>
    bool First(string name, long until, long now);
    bool Knows(string name, long now);
}

public sealed class SeenInMemory : ISeen
{
    private readonly Dictionary<string, long> names = new Dictionary<string, long>();

    public bool First(string name, long until, long now)
    {
        lock (names)
        {
            foreach (var over in names.Where(known => known.Value <= now).Select(known => known.Key).ToList()) names.Remove(over);
            if (names.ContainsKey(name)) return false;
            names.Add(name, until);
            return true;
        }
    }

    public bool Knows(string name, long now)
    {
        lock (names) return names.ContainsKey(name) && names[name] > now;
    }
}

public sealed class Receiver
{
    private const int Skew = 30; // seconds: the clocks of two servers differ
    private const string Event = "http://schemas.openid.net/event/backchannel-logout";
    private static readonly string[] Needed = { "jti", "account", "login", "role", "school" };
    private static readonly string[] AskedFor = { "login", "password", "school" };
    private static readonly string[] Kept = { "account", "login", "role", "school", "child", "sid", "return_to" };
    private readonly string bridge, journal, audience, alg, key, home;
    private readonly bool requireState;
    private readonly ISeen seen;
    public long Now; // only to try the test vectors; 0: the real time

    public Receiver(string bridge, string journal, string audience, string alg, string key, string home, bool requireState, ISeen seen)
    {
        if (alg != "HS256" && alg != "RS256") throw new ArgumentException("HS256 or RS256", "alg");
        this.bridge = bridge; this.journal = journal; this.audience = audience; this.alg = alg; this.key = key;
        this.home = home; this.requireState = requireState; this.seen = seen;
    }

    public static string NewState()
    {
        var octets = new byte[16];
        using (var random = RandomNumberGenerator.Create()) random.GetBytes(octets);
        return BitConverter.ToString(octets).Replace("-", "").ToLowerInvariant();
    }

    public string LoginAddress(string state)
    {
        return bridge + "/login?journal=" + Uri.EscapeDataString(journal) + "&return=" + Uri.EscapeDataString(home) + "&state=" + Uri.EscapeDataString(state);
    }

    public IDictionary<string, string> Enter(string token, ICollection<string> states)
    {
        var claims = Read(token, "JWT");
        if (!Needed.All(name => IsText(claims, name))) throw new Refused("token-form");
        if (claims.ContainsKey("state") ? !states.Contains(claims["state"] as string) : requireState) throw new Refused("state-foreign");
        if (IsText(claims, "sid") && seen.Knows("sid " + claims["sid"], Seconds())) throw new Refused("session-over"); // the logout was faster
        if (!seen.First("jti " + claims["jti"], (long)claims["exp"] + Skew, Seconds())) throw new Refused("token-used");
        return Kept.Where(name => IsText(claims, name)).ToDictionary(name => name, name => (string)claims[name]);
    }

    /// <summary>A clean address: the token stays in no history.</summary>
    public string Way(IDictionary<string, string> account)
    {
        string wanted;
        return account.TryGetValue("return_to", out wanted) && wanted.StartsWith(home, StringComparison.Ordinal) ? wanted : home;
    }

    public string Leave(string token)
    {
        var claims = Read(token, "logout+jwt");
        object events;
        bool meant = claims.TryGetValue("events", out events) && events is Dictionary<string, object> && ((Dictionary<string, object>)events).ContainsKey(Event);
        if (!meant || claims.ContainsKey("nonce") || !IsText(claims, "sid") || !IsText(claims, "jti")) throw new Refused("token-form");
        if (!seen.First("logout " + claims["jti"], (long)claims["exp"] + Skew, Seconds())) throw new Refused("token-used");
        seen.First("sid " + claims["sid"], Seconds() + 120, Seconds()); // two minutes: a hand-off may still be under way
        return (string)claims["sid"];
    }

    /// <summary>The bridge asks whether login and password of the journal fit: "login", "password", "school". Write none of it down.</summary>
    public IDictionary<string, string> Asked(string token)
    {
        var claims = Read(token, "login-check+jwt");
        if (!IsText(claims, "jti") || !AskedFor.All(name => Of(claims, name) is string)) throw new Refused("token-form");
        if (!seen.First("check " + claims["jti"], (long)claims["exp"] + Skew, Seconds())) throw new Refused("token-used");
        return AskedFor.ToDictionary(name => name, name => (string)claims[name]);
    }

    /// <summary>Everything is checked before a word of it is believed.</summary>
    private Dictionary<string, object> Read(string token, string typ)
    {
        if (token == null || token.Length > 8192 || !Regex.IsMatch(token, @"\A[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\z")) throw new Refused("token-form");
        string[] parts = token.Split('.');
        Dictionary<string, object> header, claims;
        byte[] signature;
        try
        {
            header = Json.Object(Decode(parts[0]));
            claims = Json.Object(Decode(parts[1]));
            signature = Decode(parts[2]);
        }
        catch (FormatException) { throw new Refused("token-form"); }
        if (!Equals(Of(header, "alg"), alg)) throw new Refused("token-algorithm"); // the settings say which, never the token
        if (!IsSigned(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), signature)) throw new Refused("token-signature");
        if (!Equals(Of(header, "typ"), typ) || !(Of(claims, "iat") is long) || !(Of(claims, "exp") is long)) throw new Refused("token-form");
        if (!Equals(Of(claims, "iss"), bridge)) throw new Refused("token-issuer");
        if (!Equals(Of(claims, "aud"), audience)) throw new Refused("token-audience");
        if ((long)claims["iat"] - Skew > Seconds()) throw new Refused("token-early");
        if ((long)claims["exp"] <= Seconds() - Skew) throw new Refused("token-expired");
        return claims;
    }

    private bool IsSigned(byte[] text, byte[] signature)
    {
        if (alg == "RS256") using (var rsa = PublicKey.FromPem(key)) return rsa.VerifyData(text, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        byte[] right;
        using (var mac = new HMACSHA256(Encoding.UTF8.GetBytes(key))) right = mac.ComputeHash(text);
        int different = right.Length ^ signature.Length; // no way out of the loop: its time tells nothing
        for (int i = 0; i < right.Length; i++) different |= right[i] ^ signature[i % signature.Length];
        return different == 0;
    }

    private long Seconds() { return Now > 0 ? Now : (long)(DateTime.UtcNow - new DateTime(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc)).TotalSeconds; }
    private static object Of(Dictionary<string, object> from, string name) { object found; return from.TryGetValue(name, out found) ? found : null; }
    private static bool IsText(Dictionary<string, object> from, string name) { return !string.IsNullOrEmpty(Of(from, name) as string); }
    private static byte[] Decode(string part) { return Convert.FromBase64String(part.Replace('-', '+').Replace('_', '/') + new string('=', (4 - part.Length % 4) % 4)); }
}
