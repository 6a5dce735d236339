import type { ServerTls } from '../app/server-tls.ts'
import type { Clock } from '../model/clock.ts'

/** How often it is looked whether the certificate is another one, in milliseconds. */
const LOOK = 60_000
/** A certificate and its key are written one after the other: only what is wrong at so many looks in a row is worth a word. */
const LOOKS = 2

/** How a certificate is followed. */
export interface CertificateSource {
  readonly clock: Pick<Clock, 'sleep'>
  /** The files as they are now. Throws where they are no certificate with its key. */
  read(): ServerTls
  /** New connections have this one. */
  renew(tls: ServerTls): void
  failed(what: string, error: unknown): void
}

/** Takes up a certificate that was renewed on disk, until `stop` is aborted. Connections go on, and the one before stays while the files are not good. */
export async function followCertificate(
  first: ServerTls,
  following: CertificateSource,
  stop: AbortSignal,
): Promise<void> {
  const { clock, read, renew, failed } = following
  let { certificate, key } = first
  let wrong = 0
  for (;;) {
    await clock.sleep(LOOK, stop).catch(() => undefined)
    if (stop.aborted) return
    try {
      const now = read()
      wrong = 0
      if (now.certificate === certificate && now.key === key) continue
      renew(now)
      ;({ certificate, key } = now)
    } catch (error) {
      wrong += 1
      if (wrong === LOOKS) failed('the certificate is not renewed', error)
    }
  }
}
