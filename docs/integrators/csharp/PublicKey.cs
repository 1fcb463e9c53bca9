// Открытый ключ моста из PEM для Receiver.cs (только RS256). / Reads the bridge's public key for Receiver.cs; RS256 only.
using System;
using System.IO;
using System.Security.Cryptography;
using System.Text.RegularExpressions;

internal static class PublicKey
{
    /// <summary>RSA from PEM ("BEGIN PUBLIC KEY"); only .NET 5 and later have a reader of their own.</summary>
    public static RSA FromPem(string pem)
    {
        var der = new BinaryReader(new MemoryStream(Convert.FromBase64String(Regex.Replace(pem, "-----[A-Z ]+-----", ""))));
        Enter(der, 0x30); // SubjectPublicKeyInfo (RFC 5280, 4.1)
        der.ReadBytes(Enter(der, 0x30)); // algorithm
        Enter(der, 0x03);
        der.ReadByte(); // unused bits
        Enter(der, 0x30); // RSAPublicKey (RFC 8017, A.1.1)
        var rsa = RSA.Create();
        rsa.ImportParameters(new RSAParameters { Modulus = Integer(der), Exponent = Integer(der) });
        return rsa;
    }

    private static byte[] Integer(BinaryReader der)
    {
        byte[] octets = der.ReadBytes(Enter(der, 0x02));
        if (octets[0] != 0) return octets;
        var unsigned = new byte[octets.Length - 1];
        Array.Copy(octets, 1, unsigned, 0, unsigned.Length);
        return unsigned;
    }

    private static int Enter(BinaryReader der, byte tag)
    {
        if (der.ReadByte() != tag) throw new ArgumentException("key of the settings: no RSA public key in PEM");
        int length = der.ReadByte();
        if (length < 0x80) return length;
        int octets = length & 0x7f;
        for (length = 0; octets > 0; octets--) length = length << 8 | der.ReadByte();
        return length;
    }
}
