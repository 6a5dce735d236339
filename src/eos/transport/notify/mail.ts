import { createTransport } from 'nodemailer'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Secret } from '../../../model/secret.ts'

export interface SentMail {
  readonly name: string
  readonly server: { readonly host: string; readonly port: number; readonly isSecure: boolean }
  readonly isLocal: boolean
  readonly login?: { readonly user: string; readonly password: Secret }
  /** The authority that its certificate is trusted by, instead of those of the system (PEM). */
  readonly ca?: string
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly id: string
  readonly isUrgent: boolean
  readonly milliseconds: number
}

/** Hands one mail to its server (RFC 5321), over one connection. The certificate of the server is verified; without TLS from the first byte STARTTLS is demanded (RFC 3207). */
export async function sendMail(mail: SentMail): Promise<void> {
  const { name, server, isLocal, login, ca, from, to, subject, text, id, isUrgent, milliseconds } = mail
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.isSecure,
    requireTLS: !server.isSecure && !isLocal,
    connectionTimeout: milliseconds,
    greetingTimeout: milliseconds,
    socketTimeout: milliseconds,
    dnsTimeout: milliseconds,
    // What is sent is here: nothing is read from files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2', ...definedMembers({ ca }) },
    ...(login === undefined ? {} : { auth: { user: login.user, pass: login.password.reveal() } }),
  })
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject,
      text,
      messageId: `<${id}@${from.slice(from.indexOf('@') + 1)}>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
      ...(isUrgent ? { priority: 'high' as const } : {}),
    })
  } catch (error) {
    throw failed(name, error)
  } finally {
    transport.close()
  }
}

function failed(name: string, error: unknown) {
  const { code, responseCode, message } = error as {
    readonly code?: string
    readonly responseCode?: number
    readonly message?: string
  }
  const words = `${name}: ${(message ?? String(error)).split('\n', 1)[0]}`
  if (code === 'EAUTH') return new EosflowError('unauthenticated', words)
  if (code === 'ETLS' || /certificate|self[- ]signed|altnames/i.test(message ?? ''))
    return new EosflowError('tls', words, {
      hint: 'If an authority of your own signed its certificate, name its file under ca: of this target.',
    })
  if (responseCode !== undefined) return new EosflowError('refused', words)
  return new EosflowError('unreachable', words, {
    retryable: true,
    hint: 'Check the address, the route and that the server runs.',
  })
}
