"""An IdP made of lasso (libxmlsec): answers one AuthnRequest of ours, as a counterparty that shares no code with us.

Reads one JSON object from standard input:
  idpMetadata, idpKey, spMetadata, query   what it works with; query is that of the redirect
  sign        response | assertion | both | none      encrypt   none | assertion | name
  cipher      aes128 | aes256
  attributes  {name: [values]}                times     {now, notBefore, notOnOrAfter} as ISO texts
Writes one JSON object: acs, relayState, response (base64), forced, nameIdPolicy. Exits with 1 and one sentence if lasso refuses.
"""
import json
import sys

import lasso

order = json.load(sys.stdin)
try:
    server = lasso.Server.newFromBuffers(order["idpMetadata"], order["idpKey"])
    if server is None:
        raise ValueError("lasso does not take the metadata of the IdP")
    server.signatureMethod = lasso.SIGNATURE_METHOD_RSA_SHA256
    server.addProviderFromBuffer(lasso.PROVIDER_ROLE_SP, order["spMetadata"])
    for provider in server.providers.values():
        modes = {"none": lasso.ENCRYPTION_MODE_NONE, "assertion": lasso.ENCRYPTION_MODE_ASSERTION, "name": lasso.ENCRYPTION_MODE_NAMEID}
        provider.setEncryptionMode(modes[order["encrypt"]])
        sizes = {"aes128": lasso.ENCRYPTION_SYM_KEY_TYPE_AES_128, "aes256": lasso.ENCRYPTION_SYM_KEY_TYPE_AES_256}
        provider.setEncryptionSymKeyType(sizes[order["cipher"]])
        provider.setKeyEncryptionMethod(lasso.KEY_ENCRYPTION_METHOD_OAEP)

    login = lasso.Login(server)
    login.setSignatureVerifyHint(lasso.PROFILE_SIGNATURE_VERIFY_HINT_FORCE)
    login.processAuthnRequestMsg(order["query"])
    login.validateRequestMsg(True, True)
    times = order["times"]
    login.buildAssertion(lasso.SAML2_AUTHN_CONTEXT_PASSWORD_PROTECTED_TRANSPORT, times["now"], None, times["notBefore"], times["notOnOrAfter"])
    assertion = login.assertion
    assertion.authnStatement[0].sessionIndex = assertion.id
    statement = lasso.Saml2AttributeStatement()
    attributes = []
    for name, values in order["attributes"].items():
        attribute = lasso.Saml2Attribute()
        attribute.name = name
        attribute.nameFormat = lasso.SAML2_ATTRIBUTE_NAME_FORMAT_URI
        written = []
        for value in values:
            one = lasso.Saml2AttributeValue()
            text = lasso.MiscTextNode.newWithString(value)
            text.textChild = True
            one.any = [text]
            written.append(one)
        attribute.attributeValue = written
        attributes.append(attribute)
    statement.attribute = attributes
    assertion.attributeStatement = [statement]
    if order["sign"] in ("assertion", "both"):
        server.saml2AssertionSetupSignature(assertion)
    else:
        assertion.signType = lasso.SIGNATURE_TYPE_NONE
    login.setSignatureHint(
        lasso.PROFILE_SIGNATURE_HINT_FORCE if order["sign"] in ("response", "both") else lasso.PROFILE_SIGNATURE_HINT_FORBID
    )
    login.buildAuthnResponseMsg()
    request = login.request
    json.dump(
        {
            "acs": login.msgUrl,
            "relayState": login.msgRelayState,
            "response": login.msgBody,
            "forced": bool(request.forceAuthn),
            "issuer": request.issuer.content,
        },
        sys.stdout,
    )
except (lasso.Error, ValueError) as error:
    sys.stderr.write(f"{type(error).__name__}: {error}\n")
    sys.exit(1)
