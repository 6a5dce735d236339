import { chmodSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Terminal } from '../../src/cli/io.ts'
import type { FabricDevice } from '../../src/sim/fabric/fabric.ts'
import { type RunningFabric, startFabric } from '../../src/trial/start-fabric.ts'
import { running } from '../e2e/two-leaves.ts'
import { writeFiles } from '../lab/files.ts'
import { temporaryFolder } from '../lab/folder.ts'
import type { Ended } from '../lab/lab.ts'
import { typed } from '../lab/typed.ts'
import { startVault } from '../secret/vault-server.ts'
import { startService } from '../transport/http-service.ts'
import { newKeyPair } from '../transport/ssh/new-key-pair.ts'
import { type Canary, canaryLines, configCanaries } from './canaries.ts'
import { projectFiles } from './project.ts'
import { SOURCE_INLINE, SOURCE_PASSWORD, SOURCE_WHOLE } from './vaulted.ts'

/** A command line: that of the sources, of a bundle, or of another process. */
export type Main = (argv: readonly string[], terminal: Terminal) => Promise<number>

/** A project whose secrets are canaries, and the switches and the service that it speaks to. */
export interface Lab {
  readonly dir: string
  readonly env: Readonly<Record<string, string>>
  readonly fabric: RunningFabric
  /** The secrets that the project refers to: credentials, a key, tokens. */
  readonly secrets: readonly Canary[]
  /** Where those that are files lie: outside of the project. */
  readonly secretsDir: string
  /** The value of a secret. Throws when none is called so. */
  secret(name: string): string
  /** Writes a file of the project, which is then none of what eosflow has written. */
  write(path: string, text: string): void
  /** Runs a command line in the project's folder; at a terminal when there are answers. */
  eosflow(argv: readonly string[], answers?: readonly string[]): Promise<Ended>
  /** Takes what another process has printed as printed here. */
  heard(name: string, ended: Ended): Ended
  /** Every byte that was written: the files that this lab did not write itself, and what was printed. */
  written(): ReadonlyMap<string, Buffer>
}

/** Values that are hard to find: signs of regular expressions, quotes, other scripts, what a URL cannot hold, many lines. */
const PASSWORD = `cNryPw.*[a-z]+(x|y)$^{2}\\"'<&>`
const PASSPHRASE = 'cNryPass phrase-schlüssel-ключ-鍵'
const ENABLE = 'cNryEnable%2F/+=&?#'
const HTTP_KEY = 'cNryHttpKey-0123456789abcdef-0123456789abcdef'
const TOKEN = 'cNryToken/+==&?#~!*tok'
const INSTALL_KEY = 'cNryInstallKey-0123456789abcdef0123456789'
const NEXT_KEY = 'cNryNextInstallKey-0123456789abcdef012345'
const OLD_KEY = 'cNryOldInstallKey-0123456789abcdef0123456'
const PRINTED = 'cNryPrinted-by.a(program)&|piped'
const VAULTED = `cNryVaulted-{json}-[list];'quoted'`
/** The password of a login that somebody has written into an inventory of Ansible in clear. */
const CLEAR_LOGIN = 'cNry-ansible-password-3319'
const VAULT_TOKEN = 'hvs.cNryVaultToken0123456789'

/** Every secret of a lab: those of its project, and those that its switches have before and behind a change by hand. */
export const canariesOf = ({ secrets }: Pick<Lab, 'secrets'>): readonly Canary[] => [
  ...secrets,
  ...configCanaries(1),
  ...configCanaries(2),
]

/** The secrets by which switches are read: no file and no variable holds them. */
export const KEPT_ELSEWHERE = { leaf1: 'what a program prints', leaf2: 'what Vault keeps' } as const

/** Makes the lab and starts its switches. All of it ends with the test. */
export async function startLab(main: Main): Promise<Lab> {
  const dir = temporaryFolder()
  const secretsDir = temporaryFolder()
  const key = newKeyPair({ passphrase: PASSPHRASE, cipher: 'aes256-ctr', rounds: 1 })
  const fabric = await startFabric({
    fabric: {
      name: 'leaves',
      credentials: { username: 'admin', password: PASSWORD },
      devices: [
        leaf(1, [`username reader privilege 15 role network-admin secret 0 ${PRINTED}`]),
        leaf(2, [
          'username robot privilege 15 role network-admin nopassword',
          `username robot ssh-key ${key.public.trim()}`,
          `username vaulted privilege 15 role network-admin secret 0 ${VAULTED}`,
        ]),
      ],
      cabling: [],
      faults: [],
    },
  })
  onTestFinished(() => fabric.close())
  const vault = await startVault()
  vault.state.tokens.set(VAULT_TOKEN, { policies: ['kv/data/net'], until: 0, renewable: false, max: 0 })
  vault.state.kv.set('kv/data/net/leaf2', [{ data: { password: VAULTED } }])
  onTestFinished(() => vault.close())
  const service = await startService(
    repeating({
      key: key.private,
      PASSPHRASE,
      INSTALL_KEY,
      NEXT_KEY,
      OLD_KEY,
      PRINTED,
      VAULT_TOKEN,
      SOURCE_PASSWORD,
      SOURCE_INLINE,
      SOURCE_WHOLE,
      CLEAR_LOGIN,
    }),
  )
  const printed: (readonly [string, Ended])[] = []
  const own = new Set<string>()
  const write = (path: string, text: string): void => {
    writeFiles(dir, { [path]: text })
    own.add(path)
  }
  for (const [name, value] of [
    ['key', key.private],
    ['enable', ENABLE],
    ['reader', PRINTED],
    ['approver', newKeyPair().private],
  ] as const) {
    writeFileSync(join(secretsDir, name), value)
    chmodSync(join(secretsDir, name), 0o600)
  }
  const { origin } = service
  const files = projectFiles({
    fabric,
    origin,
    vault: vault.address,
    secretsDir,
    token: TOKEN,
    clearLogin: CLEAR_LOGIN,
  })
  for (const [path, text] of Object.entries(files)) write(path, text)
  const env = {
    CNRY_PASSWORD: PASSWORD,
    CNRY_PASSPHRASE: PASSPHRASE,
    CNRY_HTTP_KEY: HTTP_KEY,
    CNRY_TOKEN: TOKEN,
    CNRY_VAULT: VAULT_TOKEN,
    CNRY_SOURCE: SOURCE_PASSWORD,
    EOSFLOW_KEY: INSTALL_KEY,
    EOSFLOW_NEXT_KEY: NEXT_KEY,
    EOSFLOW_OLD_KEYS: `${OLD_KEY},${OLD_KEY}2`,
  }
  const secrets: readonly Canary[] = [
    { name: 'the password of leaf1', value: PASSWORD },
    { name: 'the passphrase of a key', value: PASSPHRASE },
    { name: 'an enable secret', value: ENABLE },
    { name: 'the key that signs requests', value: HTTP_KEY },
    { name: 'a token in a header', value: TOKEN },
    { name: 'the install key', value: INSTALL_KEY },
    { name: 'the install key that comes next', value: NEXT_KEY },
    { name: 'an install key of before', value: OLD_KEY },
    { name: 'what a program prints', value: PRINTED },
    { name: 'what Vault keeps', value: VAULTED },
    { name: 'the token of Vault', value: VAULT_TOKEN },
    { name: 'the password of a vault of a source', value: SOURCE_PASSWORD },
    { name: 'an inline value of a vault', value: SOURCE_INLINE },
    { name: 'a value of a file that is encrypted as a whole', value: SOURCE_WHOLE },
    { name: 'a login in clear in a source', value: CLEAR_LOGIN },
    { name: 'a private key', value: key.private.trim() },
    { name: 'a line of a private key', value: key.private.split('\n')[2] ?? '' },
  ]
  const heard: Lab['heard'] = (name, ended) => {
    printed.push([name, ended])
    return ended
  }
  return {
    dir,
    env,
    fabric,
    secretsDir,
    write,
    secret: (name) => {
      const found = secrets.find((secret) => secret.name === name)
      if (found === undefined) throw new Error(`no secret is called ${name}`)
      return found.value
    },
    secrets,
    eosflow: async (argv, answers) => heard(argv.join(' '), await inProcess(main, argv, dir, env, answers)),
    heard,
    written: () =>
      new Map([
        ...printed.flatMap(([name, { out, err }], index): [string, Buffer][] => [
          [`${index} ${name}: stdout`, Buffer.from(out)],
          [`${index} ${name}: stderr`, Buffer.from(err)],
        ]),
        ...filesUnder(dir).flatMap((path): [string, Buffer][] =>
          own.has(path) ? [] : [[path, readFileSync(join(dir, path))]],
        ),
      ]),
  }
}

function filesUnder(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(dir.length + 1))
}

/** What is asked is printed, too. */
async function inProcess(
  command: Main,
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  answers: readonly string[] | undefined,
): Promise<Ended> {
  const asked: string[] = []
  const asks = (question: string): void => void asked.push(question)
  const ended = await typed(cwd, argv, { command, env, asks, ...(answers === undefined ? {} : { answers }) })
  return { ...ended, err: ended.err + asked.join('') }
}

/** Free text that tells passwords: what no form of a line gives away. */
const BANNER = `banner login
leaf: log in with ${PASSWORD} or ask for ${ENABLE}
EOF`

function leaf(n: number, more: readonly string[]): FabricDevice {
  const config = running(`leaf${n}`, n)
    .replace('uplink to spine1', `uplink, see ${encodeURIComponent(TOKEN)}`)
    .replace('vlan 110', () => `${[BANNER, ...more, ...canaryLines(1)].join('\n')}\n!\nvlan 110`)
  return {
    name: `leaf${n}`,
    eos: '4.32.2F',
    model: 'DCS-7050SX3-48YC8',
    serial: `JPE0000000${n}`,
    mac: `00:1c:73:00:00:0${n}`,
    config,
    managementOutside: true,
  }
}

/** A service that repeats what it was sent wherever it can: in names, values, headers, encoded, and in its errors. */
const repeating =
  (more: object): Parameters<typeof startService>[0] =>
  (request, response) => {
    const { authorization = '', 'x-eosflow-signature': signature = '' } = request.headers
    const said = {
      authorization,
      [`seen ${authorization}`]: true,
      encoded: [encodeURIComponent(authorization), Buffer.from(`user:${TOKEN}:x`).toString('base64')],
      hex: Buffer.from(TOKEN).toString('hex'),
      inner: JSON.stringify({ authorization, key: HTTP_KEY, signature }),
      leaf: `the password is ${PASSWORD}, enable with ${ENABLE}`,
      ...more,
    }
    const status = request.url === '/fails' ? 422 : request.url === '/breaks' ? 503 : 200
    response
      .writeHead(status, { 'content-type': 'application/json', 'x-request-id': `id-${HTTP_KEY}` })
      .end(JSON.stringify(said))
  }
