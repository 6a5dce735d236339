import { armor, Decrypter, Encrypter } from 'age-encryption'

export type AgeRecipient = string

/** Whether a text is a public key of age, to which can be encrypted. */
export function isAgeRecipient(text: string): text is AgeRecipient {
  try {
    new Encrypter().addRecipient(text)
    return true
  } catch {
    return false
  }
}

export async function encryptWithAge(text: string, recipients: readonly AgeRecipient[]): Promise<string> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return `${armor.encode(await encrypter.encrypt(text)).trimEnd()}\n`
}

/** The text of an armored file, by a file of identities (`AGE-SECRET-KEY-1…`, `#` begins a comment). Throws where none of them opens it. */
export async function decryptWithAge(file: string, identities: string): Promise<string> {
  const decrypter = new Decrypter()
  for (const line of identities.split('\n').map((one) => one.trim())) {
    if (line !== '' && !line.startsWith('#')) decrypter.addIdentity(line)
  }
  return await decrypter.decrypt(armor.decode(file), 'text')
}
