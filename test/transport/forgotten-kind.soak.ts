import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))
const tsc = join(root, 'node_modules/.bin/tsc')

/** What a third transport adds to each of the five files: CONTRIBUTING.md, "Add a transport". */
const ADDED = {
  'src/model/transport-kind.ts': ["['eapi', 'ssh']", "['eapi', 'ssh', 'gnmi']"],
  'src/device/transport.ts': [
    '  readonly ssh: SshTarget\n',
    "  readonly ssh: SshTarget\n  readonly gnmi: Address & { readonly transport: 'gnmi'; readonly tls: TlsMode }\n",
  ],
  'src/inventory/transports.ts': [
    '  ssh: {\n    port: () => 22,',
    `  gnmi: {
    port: () => 6030,
    target: (address, written) => ({ ...address, transport: 'gnmi', tls: tlsMode(written.tls) }),
    planned: { transport: z.literal('gnmi'), tls: z.json() },
    isInClear: () => false,
    takesKey: false,
    isUnproven: ({ tls: { mode } }) => mode === 'insecure',
    proof: () => 'its certificate is good',
    speaks: 'speaks gNMI',
  },
  ssh: {
    port: () => 22,`,
  ],
  'src/app/open-fleet.ts': ['    ssh: sshTransport(', '    gnmi: eapiTransport(),\n    ssh: sshTransport('],
  'src/trial/learn/learn.ts': ['    ssh: sshTransport(', '    gnmi: eapiTransport(),\n    ssh: sshTransport('],
} as const

/** A copy of the sources, which may be altered. */
let copy = ''

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'eosflow-kinds-'))
  await cp(join(root, 'src'), join(copy, 'src'), { recursive: true })
  for (const file of ['tsconfig.json', 'package.json']) await cp(join(root, file), join(copy, file))
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
})
afterAll(() => rm(copy, { recursive: true, force: true }))

/** The files in which the compiler finds an error, each once, when a transport is added everywhere but in one file. */
async function faultyWithout(forgotten: string | undefined): Promise<readonly string[]> {
  for (const [file, [before, behind]] of Object.entries(ADDED)) {
    const text = await readFile(join(root, file), 'utf8')
    expect(text.split(before), file).toHaveLength(2)
    await writeFile(join(copy, file), file === forgotten ? text : text.replace(before, behind))
  }
  // One that is forgotten is an error of that file: it is enough to look at it, and at what it imports.
  const config = { extends: './tsconfig.json', ...(forgotten === undefined ? {} : { include: [], files: [forgotten] }) }
  await writeFile(join(copy, 'tsconfig.kinds.json'), JSON.stringify(config))
  // Each further checker looks at the types of all again, and other tests need the cores.
  const look = ['-p', 'tsconfig.kinds.json', '--noEmit', '--pretty', 'false', '--checkers', '1']
  const { stdout } = await promisify(execFile)(tsc, look, {
    cwd: copy,
    maxBuffer: 1 << 26,
  }).catch((failed: { readonly stdout: string }) => failed)
  const files = [...stdout.matchAll(/^(src\/\S+?)\(\d+,\d+\): error/gm)].map(([, file = '']) => file)
  return [...new Set(files)].sort()
}

describe('another transport', { timeout: 300_000 }, () => {
  test('compiles with its own folder and five files elsewhere', async () => {
    expect(await faultyWithout(undefined)).toEqual([])
  })

  const elsewhere = [
    'src/device/transport.ts',
    'src/inventory/transports.ts',
    'src/app/open-fleet.ts',
    'src/trial/learn/learn.ts',
  ]
  test.each(elsewhere)('that is forgotten in %s does not', async (forgotten) => {
    expect(await faultyWithout(forgotten)).toContain(forgotten)
  })
})
