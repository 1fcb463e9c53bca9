/** Honest parts where the schema lets anything be, and IDs that a careless verifier would find first. */
import { ENCRYPTED_ELEMENT, ns } from '../../words/saml-names.js'
import { plain, swap, type Fault } from '../fault.js'

const extended =
  (content: string) =>
  (xml: string): string =>
    swap(xml, '<saml2p:Status>', `<saml2p:Extensions>${content}</saml2p:Extensions><saml2p:Status>`)

const sameId = (name: string, title: string, element: (id: string) => string): Fault => ({
  name,
  title,
  refused: 'saml.duplicate-id',
  source: 'xml-crypto looks a reference up by the name of the attribute alone',
  shape: plain('assertion'),
  signedResponse: (xml, { draft }) => extended(element(draft.assertionId))(xml),
})

const identifiers: readonly Fault[] = [
  sameId('foreign-id', 'Тот же ID у чужого элемента', id => `<a xmlns="urn:x" ID="${id}"/>`),
  sameId('foreign-id-lower-case', 'Тот же ID как id у чужого элемента', id => `<a xmlns="urn:x" id="${id}"/>`),
  sameId('foreign-id-mixed-case', 'Тот же ID как Id у чужого элемента', id => `<a xmlns="urn:x" Id="${id}"/>`),
  sameId('foreign-id-prefixed', 'Тот же ID под приставкой', id => `<a xmlns="urn:x" xmlns:p="urn:y" p:ID="${id}"/>`),
]

const ciphers: readonly Fault[] = [
  {
    name: 'encrypted-content',
    title: 'Зашифрован не элемент, а содержимое',
    refused: 'saml.decryption',
    source: 'saml-core 2.3.4',
    response: xml => swap(xml, `Type="${ENCRYPTED_ELEMENT}"`, `Type="${ns.xenc}Content"`),
  },
]

export const placeFaults: readonly Fault[] = [...identifiers, ...ciphers]
