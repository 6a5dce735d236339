import { type CertificateContent, type CertificateKey, certificate, certificateKey } from './certificate.ts'

export interface Identity {
  readonly key: string
  readonly cert: string
}

const NAME = 'eosflow simulated switches'
const LOOPBACK = ['localhost', '127.0.0.1', '::1']

/** The switches share one key, so that a fabric of hundreds is up at once; each has a certificate of its own for its name and for loopback. */
export class Authority {
  readonly cert: string
  readonly #own = certificateKey()
  readonly #switches = certificateKey()

  constructor() {
    this.cert = certificate({ subject: NAME, issuer: NAME, key: this.#own, issuerKey: this.#own, use: 'authority' })
  }

  serverIdentity(name: string): Identity {
    const names = isDnsName(name) && !LOOPBACK.includes(name) ? [...LOOPBACK, name] : LOOPBACK
    return this.#issue(this.#switches, { subject: name, use: 'server', names })
  }

  clientIdentity(user: string): Identity {
    return this.#issue(certificateKey(), { subject: user, use: 'client' })
  }

  #issue(key: CertificateKey, content: Pick<CertificateContent, 'subject' | 'use' | 'names'>): Identity {
    return { key: key.pem, cert: certificate({ ...content, key, issuer: NAME, issuerKey: this.#own }) }
  }
}

function isDnsName(name: string) {
  return /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(name)
}
