import { createECDH, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Duplex } from 'node:stream'
import { CERTIFICATE_ALGORITHMS } from './host-certificate.ts'
import { string, uint32, WireReader } from './wire.ts'

// Message numbers (RFC 4253 12, RFC 5656 7.1).
const DISCONNECT = 1
const KEXINIT = 20
const KEX_ECDH_INIT = 30
const KEX_ECDH_REPLY = 31

const LONGEST_PACKET = 262_144
// What may stand before the version of a server (RFC 4253 4.2).
const LONGEST_GREETING = 65_536

// The key exchanges that are begun here, each with a public key of ours.
const EXCHANGES: Readonly<Record<string, () => Buffer>> = {
  'curve25519-sha256': x25519Key,
  'curve25519-sha256@libssh.org': x25519Key,
  'ecdh-sha2-nistp256': () => createECDH('prime256v1').generateKeys(),
  'ecdh-sha2-nistp384': () => createECDH('secp384r1').generateKeys(),
  'ecdh-sha2-nistp521': () => createECDH('secp521r1').generateKeys(),
}

const CIPHERS = ['aes128-ctr', 'aes192-ctr', 'aes256-ctr', 'aes128-gcm@openssh.com', 'aes256-gcm@openssh.com']
const MACS = ['hmac-sha2-256', 'hmac-sha2-512', 'hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com']

/** Asks a host for its certificate and hangs up, as `ssh-keyscan -c` does: ssh2 1.17 cannot speak to a host by its certificate. That the host has the certified key is not proven here: the connection that follows has to show it. */
export async function scanHostCertificate(socket: Duplex, milliseconds: number): Promise<Uint8Array | undefined> {
  const timer = setTimeout(() => socket.destroy(), milliseconds)
  try {
    return await shownCertificate(socket)
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
    socket.on('error', () => undefined)
    socket.destroy()
  }
}

async function shownCertificate(socket: Duplex): Promise<Uint8Array | undefined> {
  socket.write('SSH-2.0-eosflow_scan\r\n')
  socket.write(packet(keyExchangeInit()))
  for await (const payload of payloadsOf(socket)) {
    if (payload[0] === DISCONNECT) return undefined
    if (payload[0] === KEXINIT) {
      const publicKey = commonExchange(payload)?.()
      if (publicKey === undefined) return undefined
      socket.write(packet(Buffer.concat([Buffer.of(KEX_ECDH_INIT), string(publicKey)])))
    }
    if (payload[0] === KEX_ECDH_REPLY) return Buffer.from(new WireReader(payload.subarray(1)).string())
  }
  return undefined
}

// KEXINIT (RFC 4253 7.1): a cookie, what is offered, and that no guess follows.
function keyExchangeInit() {
  const list = (names: readonly string[]) => string(names.join(','))
  const offered = [Object.keys(EXCHANGES), CERTIFICATE_ALGORITHMS, CIPHERS, CIPHERS, MACS, MACS, ['none'], ['none']]
  const languages = [[], []]
  return Buffer.concat([
    Buffer.of(KEXINIT),
    randomBytes(16),
    ...[...offered, ...languages].map(list),
    Buffer.of(0),
    uint32(0),
  ])
}

function commonExchange(payload: Buffer): (() => Buffer) | undefined {
  const theirs = new WireReader(payload.subarray(17)).text().split(',')
  const name = Object.keys(EXCHANGES).find((one) => theirs.includes(one))
  return name === undefined ? undefined : EXCHANGES[name]
}

// The last 32 bytes of the SubjectPublicKeyInfo are the key (RFC 8410).
function x25519Key() {
  return generateKeyPairSync('x25519').publicKey.export({ type: 'spki', format: 'der' }).subarray(-32)
}

// A packet as it goes before encryption begins: padded to eight bytes, with four of padding at least (RFC 4253 6).
function packet(payload: Buffer) {
  const padding = 4 + ((8 - ((payload.length + 9) % 8)) % 8)
  return Buffer.concat([uint32(payload.length + padding + 1), Buffer.of(padding), payload, randomBytes(padding)])
}

// Throws when it sends no SSH.
async function* payloadsOf(socket: Duplex): AsyncGenerator<Buffer> {
  let bytes = Buffer.alloc(0)
  let greeted = false
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    bytes = Buffer.concat([bytes, chunk])
    if (!greeted) {
      const version = /^SSH-2\.0-[^\n]*\n/m.exec(bytes.toString('latin1'))
      if (version === null && bytes.length > LONGEST_GREETING) throw new RangeError('no version of SSH')
      if (version === null) continue
      greeted = true
      bytes = bytes.subarray(version.index + version[0].length)
    }
    for (let length = lengthOf(bytes); length <= bytes.length - 4; length = lengthOf(bytes)) {
      const padding = bytes[4] ?? 0
      yield bytes.subarray(5, 4 + length - padding)
      bytes = bytes.subarray(4 + length)
    }
  }
}

function lengthOf(bytes: Buffer) {
  if (bytes.length < 5) return Number.POSITIVE_INFINITY
  const length = bytes.readUInt32BE(0)
  if (length > LONGEST_PACKET) throw new RangeError('a packet is too long')
  return length
}
