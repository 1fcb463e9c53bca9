// Маленький журнал вокруг Receiver.cs: запустите и сравните со своим. / A small journal around Receiver.cs.
//   mcs -out:demo.exe *.cs && BRIDGE=https://vhod.school.example HOME_URL=http://localhost:8090/diary/ KEY=… mono demo.exe 8090
//   Windows: %WINDIR%\Microsoft.NET\Framework64\v4.0.30319\csc.exe /out:demo.exe *.cs      .NET 6+: файлы в проект «dotnet new console»
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;

public static class Demo
{
    private static readonly Receiver receiver = new Receiver(Set("BRIDGE", ""), Set("JOURNAL", "sgo"), Set("AUDIENCE", "sgo"),
        Set("ALG", "HS256"), Set("KEY", ""), Set("HOME_URL", ""), Set("REQUIRE_STATE", "yes") == "yes", new SeenInMemory());
    private static readonly Dictionary<string, string> passwords = new Dictionary<string, string> { { "p-1001", "journal-p-1001" } };
    private static readonly ConcurrentDictionary<string, List<string>> begun = new ConcurrentDictionary<string, List<string>>(); // session -> states
    private static readonly ConcurrentDictionary<string, IDictionary<string, string>> entered = new ConcurrentDictionary<string, IDictionary<string, string>>();

    public static void Main(string[] args)
    {
        receiver.Now = long.Parse(Set("NOW", "0"));
        int port = args[0] == "0" ? FreePort() : int.Parse(args[0]);
        var listener = new HttpListener();
        listener.Prefixes.Add("http://" + Set("HOST", "localhost") + ":" + port + "/");
        listener.Start();
        Console.WriteLine("listening on " + port);
        while (true)
        {
            var context = listener.GetContext();
            ThreadPool.QueueUserWorkItem(_ =>
            {
                try { Answer(context); }
                catch (Exception bug) { Console.Error.WriteLine(bug); context.Response.StatusCode = 500; }
                finally { context.Response.Close(); }
            });
        }
    }

    private static void Answer(HttpListenerContext context)
    {
        var cookie = context.Request.Cookies["journal"];
        string path = context.Request.Url.AbsolutePath, session = cookie == null ? "" : cookie.Value;
        bool isPost = context.Request.HttpMethod == "POST";
        if (path == "/login")
        {
            string state = Receiver.NewState(), id = begun.ContainsKey(session) ? session : Receiver.NewState();
            begun.AddOrUpdate(id, new List<string> { state }, (_, states) => states.Skip(states.Count - 4).Concat(new[] { state }).ToList());
            Redirect(context, receiver.LoginAddress(state), id);
        }
        else if (path == "/sso")
        {
            try
            {
                List<string> states;
                var account = receiver.Enter(Field(context, "token"), begun.TryGetValue(session, out states) ? states : new List<string>());
                IDictionary<string, string> left;
                begun.TryRemove(session, out states);
                entered.TryRemove(session, out left); // a new number: whoever knew the old one is not in
                string fresh = Receiver.NewState();
                entered[fresh] = account;
                Redirect(context, receiver.Way(account), fresh);
            }
            catch (Refused no)
            {
                Page(context, no.Message == "token-form" ? 400 : 403, "<!doctype html><html lang=ru><title>Вход не удался</title>"
                    + "<h1>Вход не удался</h1><p>Вернитесь на страницу журнала и войдите ещё раз.</p><p>Для школы: " + no.Message + "</p>");
            }
        }
        else if (path == "/sso-logout" && isPost)
        {
            try
            {
                string sid = receiver.Leave(Field(context, "logout_token"));
                IDictionary<string, string> left;
                foreach (var known in entered) if (known.Value.ContainsKey("sid") && known.Value["sid"] == sid) entered.TryRemove(known.Key, out left);
                Page(context, 200, "");
            }
            catch (Refused) { Page(context, 400, ""); }
        }
        else if (path == "/sso-check" && isPost)
        {
            try
            {
                var asked = receiver.Asked(Field(context, "login_check"));
                string right;
                bool fits = passwords.TryGetValue(asked["login"], out right) && right == asked["password"]; // yours: salted hashes, and the count of wrong ones
                Page(context, 200, fits ? "{\"valid\": true, \"login\": \"" + asked["login"] + "\"}" : "{\"valid\": false}");
            }
            catch (Refused) { Page(context, 400, "{}"); }
        }
        else
        {
            IDictionary<string, string> account;
            if (!entered.TryGetValue(session, out account)) Page(context, 403, "<h1>Войдите</h1>");
            else Page(context, 200, "<h1>Дневник</h1><p>" + WebUtility.HtmlEncode(account["login"] + " " + (account.ContainsKey("child") ? account["child"] : "")) + "</p>");
        }
    }

    /// <summary>From the body of a POST, else from the address.</summary>
    private static string Field(HttpListenerContext context, string name)
    {
        string text = context.Request.Url.Query.TrimStart('?');
        if (context.Request.HttpMethod == "POST")
        {
            var body = new char[16384];
            text = new string(body, 0, new StreamReader(context.Request.InputStream, Encoding.UTF8).ReadBlock(body, 0, body.Length));
        }
        string pair = text.Split('&').FirstOrDefault(one => one.StartsWith(name + "=", StringComparison.Ordinal)) ?? name + "=";
        return Uri.UnescapeDataString(pair.Substring(name.Length + 1).Replace('+', ' '));
    }

    private static void Redirect(HttpListenerContext context, string to, string session)
    {
        bool secure = Set("HOME_URL", "").StartsWith("https:"); // a form of the bridge comes from another site: SameSite=None
        context.Response.AppendHeader("Set-Cookie", "journal=" + session + "; Path=/; HttpOnly; SameSite=" + (secure ? "None; Secure" : "Lax"));
        context.Response.AppendHeader("Location", to);
        Page(context, 303, "");
    }

    private static void Page(HttpListenerContext context, int status, string text)
    {
        byte[] octets = Encoding.UTF8.GetBytes(text);
        context.Response.StatusCode = status;
        context.Response.AppendHeader("Cache-Control", "no-store");
        context.Response.AppendHeader("Referrer-Policy", "no-referrer");
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength64 = octets.Length;
        context.Response.OutputStream.Write(octets, 0, octets.Length);
    }

    private static int FreePort()
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return port;
    }

    private static string Set(string name, string otherwise) { return Environment.GetEnvironmentVariable(name) ?? otherwise; }
}
