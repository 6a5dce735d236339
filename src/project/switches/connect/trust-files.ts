import { codeOf, EosflowError } from '../../../model/error.ts'
import { fileOf, projectText, type TextPlace } from '../../files/project-text.ts'
import { InputError } from '../../system/process/input-error.ts'

/** A missing one holds none: then every key is unknown, and the message says how to get them. */
export async function knownKeys(project: TextPlace, file: string): Promise<string> {
  try {
    return await projectText(project, file)
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return ''
    if (cause instanceof InputError) throw cause
    throw new EosflowError('tls', `the known keys cannot be read from ${fileOf(project, file)}`, {
      hint: 'Check the path under ssh: knownHosts: or tls: tofu: in the inventory.',
      cause,
    })
  }
}

/** Throws `secret`, as its key does. */
export async function clientCertificate(project: TextPlace, file: string): Promise<string> {
  const path = fileOf(project, file)
  const text = await projectText(project, file).catch((cause: unknown) => {
    if (cause instanceof InputError) throw cause
    throw new EosflowError('secret', `the client certificate cannot be read from ${path}`, {
      hint: 'Check the path under certificate: in the credentials of the inventory.',
      cause,
    })
  })
  if (/-----BEGIN CERTIFICATE-----/.test(text)) return text
  throw new EosflowError('secret', `${path} holds no certificate`, {
    hint: 'It has to be PEM: -----BEGIN CERTIFICATE-----. The private key belongs under key:, by reference.',
  })
}
