import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'
import { evaluate } from '../../src/doors/cli/load-program.ts'
import { fileOf } from '../house/sources.ts'
import { temporaryFolder } from '../lab/folder.ts'
import { rowsOf } from '../table.ts'
import type { Main } from './lab.ts'

/** A secret that is planted, and where. It must come out nowhere. */
export interface Canary {
  readonly name: string
  readonly value: string
}

/**
 * The lines of EOS that carry a secret (docs/security.md#two-layers), `{}` in its place, with a value as the line takes it:
 * a word, a hash, a type 7 string. Each is planted twice, before and after a hand edit.
 */
const LINES = rowsOf(`
enable password sha512 {} || $6$cNry1En4bleSalt$En4bleHash1En4bleHash1En4bleHash
aaa root secret sha512 {} || $6$cNry1RootSalt$R00tHash1R00tHash1R00tHash1R00t
boot secret 5 {} || $1$cNry1B00$B00tHash1B00tHash1
username carol secret 5 {} || $1$cNry1Car$CarolHash1CarolHash1
username dave privilege 15 role network-admin secret sha512 {} || $6$cNry1DaveSalt$DaveHash1DaveHash1DaveHash1
username erin ssh-key {} || ssh-rsa AAAAB3NzaC1cNry1ErinKeyErinKeyErinKey erin@noc
username fred privilege 1 secret 0 {} || cNry1-fred.*[a-z]+(x|y)$
username gina privilege 1 secret 0 "{}" || cNry1 gina with blanks
snmp-server community {} ro || cNry1Comm/ünïty+key
snmp-server host 10.9.0.1 version 2c {} || cNry1TrapC0mmunity
snmp-server host 10.9.0.2 vrf MGMT informs version 3 priv {} || cNry1InformUser
snmp-server user mon NOC v3 localized f5717f444ca824448b00 auth sha {} priv aes 77aa || c0441ee1a0a1b2c3d4e5f60718293a4b
snmp-server user moo NOC v3 localized f5717f444ca824448b00 auth sha 66bb priv aes {} || c0441ee1b0a1b2c3d4e5f60718293a4b
tacacs-server key 7 {} || 1C0441EE1F0A1B2C3D4E5F
tacacs-server host 10.9.0.3 vrf MGMT key 7 {} || 1C0441EE1F0B1B2C3D4E5F
radius-server key 7 {} || 1C0441EE1F0C1B2C3D4E5F
radius-server host 10.9.0.4 key 8a {} || $cNry1Radius==$RadiusBody1==
service unsupported-transceiver ACME {} || c1a0b2f3d4
ntp authentication-key 7 sha1 7 {} || 1C0441EE1F0D1B2C3D4E5F
neighbor 10.9.0.5 password 7 {} || cNry1Y2FuYXJ5QmdwMQ== || router bgp 65101
neighbor UNDERLAY password 8a {} || $cNry1Peer==$PeerBody1== || router bgp 65101
ip ospf authentication-key 7 {} || cNry1T3NwZlNpbXBsZQ== || interface Ethernet3
ip ospf message-digest-key 5 sha512 7 {} || cNry1T3NwZkRpZ2VzdA== || interface Ethernet3
ospfv3 authentication ipsec spi 33 md5 passphrase 7 {} || cNry1T3NwZnYzUGFzcw== || interface Ethernet3
isis authentication key 7 {} || $1c$cNry1IsisKey= || interface Ethernet4
vrrp 10 peer authentication text {} || cNry1VrrpText || interface Ethernet4
authentication key-id 5 algorithm sha-1 key 7 {} || $1c$cNry1IsisArea= || router isis CORE
key 0a1b 7 {} || 1C0441EE1F0E1B2C3D4E5F || mac security/profile LINKS
shared-key 7 {} || 1C0441EE1F0F1B2C3D4E5F || ip security/sa policy SA1
pre-shared-key 7 {} || 1C0441EE1F1A1B2C3D4E5F || ip security/profile IP1
passphrase 7 {} || 1C0441EE1F1B1B2C3D4E5F || dot1x/supplicant profile S1
secret 1 7 {} receive-lifetime infinite transmit-lifetime infinite || $1c$cNry1Shared== || management security/session shared-secret profile P1
redis password 7 {} || 1C0441EE1F1D1B2C3D4E5F || cvx
username telegraf password 7 {} || $1c$cNry1InfluxKey== || monitor telemetry influx/destination influxdb D1
search username cn=admin,dc=x password 7 {} || 1C0441EE1F1E1B2C3D4E5F || management ldap/server defaults
exec /usr/bin/TerminAttr -cvaddr=10.9.0.6:9910 -cvauth=key,{} -cvvrf=MGMT -taillogs || cNry1CvAuthKey || daemon TerminAttr
action bash FastCli -c "copy https://backup:{}@10.9.0.7/leaf.cfg flash:" || cNry1Url%40Pass || event-handler Copy
action bash curl -s -u ops:{} https://10.9.0.8/hook || cNry1CurlPass || event-handler Curl
action bash curl -u ops:{} https://10.9.0.8/hook || cNry1CurlFirst || event-handler CurlFirst
action bash /usr/bin/curl https://10.9.0.8/hook -k --user 'ops:{}' || cNry1 curl last || event-handler CurlLast
action bash curl -suops:{} https://10.9.0.8 || cNry1CurlJoined || event-handler CurlJoined
action bash curl -H "Authorization: Bearer {}" https://10.9.0.8 || cNry1BearerToken_-x || event-handler Bearer
description rack 7, door {} || eyJjTnJ5MSI6Imp3dCJ9.eyJzdWIiOiJjTnJ5MSJ9.c2lnY05yeTE || interface Ethernet5
`)

/** The secrets in a switch's configuration; `turn` 1 is what it begins with, 2 what a hand edit makes of it. */
export function configCanaries(turn: 1 | 2): readonly Canary[] {
  return LINES.map(([line = '', value = '']) => ({ name: `${line} (${turn})`, value: turned(value, turn) }))
}

/** The lines of a configuration that hold them, each under the blocks it belongs to. */
export function canaryLines(turn: 1 | 2) {
  return LINES.flatMap(([line = '', value = '', under = '']) => {
    const blocks = under === '' ? [] : under.split('/')
    const text = line.replace('{}', () => turned(value, turn))
    return [...blocks, text].map((part, depth) => '   '.repeat(depth) + part)
  })
}

/** What tells the two turns of a value apart, by the form of the value: in clear, in hexadecimal digits, in base64. */
const TURNS = [
  ['cNry1', 'cNry2'],
  ['41EE1', '41EE2'],
  ['41ee1', '41ee2'],
  ['c1a0', 'c2a0'],
  ['Y05yeTE', 'Y05yeTI'],
] as const

function turned(value: string, turn: 1 | 2) {
  if (turn === 1) return value
  const other = TURNS.reduce((text, [one, two]) => text.replaceAll(one, two), value)
  if (other === value) throw new Error(`nothing tells the turns of ${value} apart`)
  return other
}

/** The encodings in which bytes are searched for a canary. */
export const ENCODINGS: Readonly<Record<string, (value: string) => readonly string[]>> = {
  plain: (value) => [value],
  URL: (value) => [encodeURIComponent(value), encodeURIComponent(value).replaceAll('%20', '+')],
  JSON: (value) => [JSON.stringify(value).slice(1, -1)],
  base64: (value) => [0, 1, 2].map((shift) => middleOfBase64(value, shift)),
  base64url: (value) =>
    [0, 1, 2].map((shift) => middleOfBase64(value, shift).replaceAll('+', '-').replaceAll('/', '_')),
  hex: (value) => [Buffer.from(value).toString('hex'), Buffer.from(value).toString('hex').toUpperCase()],
}

/** The characters of base64 that a text alone decides when `shift` bytes stand before it. */
function middleOfBase64(value: string, shift: number) {
  const text = Buffer.concat([Buffer.alloc(shift, 'x'), Buffer.from(value)]).toString('base64')
  const bytes = shift + Buffer.byteLength(value)
  return text.slice(Math.ceil((shift * 4) / 3), Math.floor((bytes * 4) / 3))
}

/** Where a canary was found. */
export interface Finding {
  readonly canary: string
  readonly encoding: string
  readonly place: string
  /** What stands around it. */
  readonly around: string
}

/** A canary as it is in one encoding. */
interface Needle {
  readonly canary: string
  readonly encoding: string
  readonly form: Buffer
}

/** Every canary in every place, in every encoding. A place is the bytes of a file, or what a command has printed. */
export function search(places: ReadonlyMap<string, Buffer>, canaries: readonly Canary[]): readonly Finding[] {
  const needles = canaries.flatMap(({ name, value }) =>
    Object.entries(ENCODINGS).flatMap(([encoding, forms]) =>
      [...new Set(forms(value))].map((form) => ({ canary: name, encoding, form: Buffer.from(form) })),
    ),
  )
  const firstIn = finder(needles)
  return [...places].flatMap(([place, bytes]) => {
    const found = firstIn(bytes)
    return needles.flatMap((needle) => {
      const at = found.get(needle)
      if (at === undefined) return []
      const around = bytes.subarray(Math.max(0, at - 80), at + 80).toString()
      return [{ canary: needle.canary, encoding: needle.encoding, place, around }]
    })
  })
}

/**
 * Gives where each needle begins first in bytes. There are a thousand needles, and some megabytes: all of them are looked for at once, by the
 * two bytes that they begin with, which few places of the bytes have.
 */
function finder(needles: readonly Needle[]): (bytes: Buffer) => ReadonlyMap<Needle, number> {
  const byStart: Needle[][] = []
  for (const needle of needles) {
    if (needle.form.length < 2) throw new Error(`${needle.canary} is too short to be looked for`)
    const start = needle.form.readUInt16LE(0)
    byStart[start] = [...(byStart[start] ?? []), needle]
  }
  const isStart = Uint8Array.from({ length: 2 ** 16 }, (_, start) => (byStart[start] === undefined ? 0 : 1))
  return (bytes) => {
    const found = new Map<Needle, number>()
    for (let at = 0; at + 1 < bytes.length; at += 1) {
      const start = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)
      if (isStart[start] === 0) continue
      const here = byStart[start]?.filter((needle) => !found.has(needle) && isAt(bytes, at, needle.form))
      for (const needle of here ?? []) found.set(needle, at)
    }
    return found
  }
}

function isAt(bytes: Buffer, at: number, form: Buffer) {
  for (let i = 2; i < form.length; i += 1) if (bytes[at + i] !== form[i]) return false
  return true
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Exports that leave everything as it is, in the place of those that take secrets out of it; by one name in their file. */
const GUARDS: Readonly<Record<string, string>> = {
  redactLines: `
    export const redact = (text) => text
    export const redactLine = (line) => line
    export const redactLines = (text) => text
    export const redactTyped = (text) => text
    export const keyedPlaceholder = () => (secret) => secret`,
  secretlessVerdict: `
    export const secretlessVerdict = (verdict) => verdict`,
  Scrubber: `
    export class Scrubber {
      register() {}
      leave() {}
      scrub(text) { return text }
      stream() { return { write: (chunk) => chunk, end: () => '' } }
    }`,
  scrubbedCommand: `
    export const scrubbedCommand = ({ cmd }) => cmd
    export const scrubbedText = (text) => text`,
}

/** The files of the guards, each with the export that it is known by. */
const guardIn = new Map(Object.keys(GUARDS).map((name) => [fileOf(name), name]))

/**
 * The command line made of the same sources without what takes secrets out of them: what such a build shows is what the guards
 * keep back. No setting and no variable of the shipped command does this.
 */
export async function unguardedMain(): Promise<Main> {
  const dir = temporaryFolder()
  symlinkSync(join(ROOT, 'node_modules'), join(dir, 'node_modules'), 'dir')
  const outfile = join(dir, 'program.cjs')
  const replaced = new Set<string>()
  await build({
    entryPoints: [join(ROOT, 'src/doors/cli/program.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['@dbos-inc/dbos-sdk', '@opentelemetry/*', 'axios', 'better-sqlite3', 'pg', 'ssh2'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: {
      js: "(function (exports, require, module, __filename, __dirname) { const bundleUrl = require('node:url').pathToFileURL(__filename).href",
    },
    footer: { js: '})' },
    logLevel: 'error',
    plugins: [without(replaced)],
  })
  if (replaced.size !== Object.keys(GUARDS).length) throw new Error(`only ${[...replaced].join(', ')} were replaced`)
  return evaluate(readFileSync(outfile, 'utf8')).program.main
}

function without(replaced: Set<string>): Plugin {
  return {
    name: 'unguarded',
    setup: ({ onLoad }) => {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const file = path.slice(ROOT.length)
        const guards = GUARDS[guardIn.get(file) ?? '']
        if (guards === undefined) return undefined
        replaced.add(file)
        const names = [...guards.matchAll(/export \w+ (\w+)/g)].map(([, name = '']) => name)
        const isGuard = new RegExp(`^export (\\w+) (?=(?:${names.join('|')})\\b)`, 'gm')
        const contents = readFileSync(path, 'utf8').replace(isGuard, '$1 guarded_') + guards
        return { contents, loader: 'ts' }
      })
    },
  }
}
