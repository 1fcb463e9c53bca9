// Разбор JSON для Receiver.cs: такого, который есть и в .NET Framework, и в .NET 6, нет. / Reads JSON for Receiver.cs, where no reader is common to both.
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

/// <summary>Objects are Dictionary, arrays List, whole numbers long, other numbers double. Anything wrong throws FormatException.</summary>
internal sealed class Json
{
    private const int Deepest = 16;
    private static readonly Regex Number = new Regex(@"\G-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private readonly string text;
    private int at, depth;

    private Json(string text) { this.text = text; }

    /// <summary>The whole text is one object in UTF-8.</summary>
    public static Dictionary<string, object> Object(byte[] octets)
    {
        string text;
        try { text = new UTF8Encoding(false, true).GetString(octets); }
        catch (ArgumentException) { throw new FormatException("no UTF-8"); }
        var json = new Json(text);
        var found = json.Value() as Dictionary<string, object>;
        if (found == null || json.Next() != '\0' || json.at != text.Length) throw json.Wrong();
        return found;
    }

    private object Value()
    {
        char sign = Next();
        if (sign == '{') return Members();
        if (sign == '[') return Items();
        if (sign == '"') return Text();
        if (Word("true")) return true;
        if (Word("false")) return false;
        if (Word("null")) return null;
        string number = Number.Match(text, at).Value;
        at += number.Length;
        long whole;
        double real;
        bool isWhole = number.IndexOfAny(new[] { '.', 'e', 'E' }) < 0 && number.Length < 18; // far from the ends of long
        if (isWhole && long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out whole)) return whole;
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out real)) throw Wrong();
        return real;
    }

    private Dictionary<string, object> Members()
    {
        var found = new Dictionary<string, object>(StringComparer.Ordinal);
        if (Opens('}')) return found;
        do
        {
            if (Next() != '"') throw Wrong();
            string name = Text();
            Take(':');
            if (found.ContainsKey(name)) throw Wrong(); // a name that stands twice is read differently by others
            found.Add(name, Value());
        } while (Another('}'));
        return found;
    }

    private List<object> Items()
    {
        var found = new List<object>();
        if (Opens(']')) return found;
        do found.Add(Value()); while (Another(']'));
        return found;
    }

    /// <summary>Behind the bracket; true when it closes at once.</summary>
    private bool Opens(char end)
    {
        if (++depth > Deepest) throw Wrong();
        at++;
        return Next() == end && !Closes();
    }

    private bool Another(char end)
    {
        if (Next() == end) return Closes();
        Take(',');
        return true;
    }

    private bool Closes()
    {
        at++;
        depth--;
        return false;
    }

    private string Text()
    {
        var found = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            char sign = text[at];
            if (sign == '"') { at++; return found.ToString(); }
            if (sign < ' ') throw Wrong();
            if (sign != '\\') found.Append(sign);
            else if (++at < text.Length) found.Append(Escaped(text[at]));
        }
        throw Wrong();
    }

    private char Escaped(char sign)
    {
        int known = "\"\\/bfnrt".IndexOf(sign);
        if (known >= 0) return "\"\\/\b\f\n\r\t"[known];
        ushort code;
        if (sign != 'u' || at + 4 >= text.Length || !ushort.TryParse(text.Substring(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out code)) throw Wrong();
        at += 4;
        return (char)code;
    }

    private bool Word(string word)
    {
        if (string.CompareOrdinal(text, at, word, 0, word.Length) != 0) return false;
        at += word.Length;
        return true;
    }

    private void Take(char sign)
    {
        if (Next() != sign) throw Wrong();
        at++;
    }

    /// <summary>The next sign that is no blank; 0 at the end.</summary>
    private char Next()
    {
        while (at < text.Length && " \t\r\n".IndexOf(text[at]) >= 0) at++;
        return at < text.Length ? text[at] : '\0';
    }

    private FormatException Wrong() { return new FormatException("no JSON at " + at); }
}
