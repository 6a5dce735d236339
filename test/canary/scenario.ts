import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { canaryLines } from './canaries.ts'
import { KEPT_ELSEWHERE, type Lab } from './lab.ts'

/** Command lines that were run, and their exit codes, in order. */
export type Ends = readonly (readonly [line: string, code: number])[]

/** Runs command lines in a lab, and keeps how they ended. */
interface Runner {
  readonly lab: Lab
  readonly ends: Ends
  /** Runs a line, at a terminal when there are answers; gives what it printed. */
  run(line: string, answers?: readonly string[]): Promise<string>
  /** Runs each line as text and with `--json`. */
  both(...lines: readonly string[]): Promise<void>
}

/**
 * Everything the command line can do with a project, in this process: what goes well, what is refused, what fails and is
 * put back. Switches, services and files repeat the secrets wherever they can.
 */
export async function runEverything(lab: Lab) {
  const runner = runnerIn(lab)
  const parts = [health, goodChange, typedSecrets, revealing, checks, otherRefusals, putBack, services, files, atLast]
  for (const part of parts) {
    await part(runner)
  }
  return runner.ends
}

/** The part of it in which every canary would be shown if nothing kept it back. */
export async function runRevealing(lab: Lab) {
  const runner = runnerIn(lab)
  await runner.run('snapshot take before')
  await revealing(runner)
  await checks(runner)
  return runner.ends
}

function runnerIn(lab: Lab) {
  const ends: (readonly [string, number])[] = []
  const run: Runner['run'] = async (line, answers) => {
    const { code, out } = await lab.eosflow(wordsOf(line), answers)
    ends.push([line, code])
    return out
  }
  const both: Runner['both'] = async (...lines) => {
    for (const line of lines) {
      await run(line)
      await run(`${line} --json`)
    }
  }
  return { lab, ends, run, both }
}

/** The words of a line as a shell would give them: what is in quotes is one. */
function wordsOf(line: string) {
  return (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replace(/^'(.*)'$/, '$1'))
}

async function health({ run, both }: Runner) {
  await both('validate', 'doctor --all', 'whoami')
  await run('schema inventory')
  await run('approval key')
  await both('inventory list', 'inventory show leaf1 --origin', 'inventory graph', 'inventory refresh')
  await both('facts', 'inventory check', 'comply')
  await run('config backup backups')
  await run('comply --offline backups --json')
  await run('config restore backups')
  for (const line of ['facts --csv', 'comply --markdown', 'comply --csv found.csv --junit found.xml']) await run(line)
  for (const line of ['inventory list --ansible', 'inventory list --csv']) await run(line)
  await run('plan workflows/from-vault.yaml -o from-vault.plan -vv')
  await run('run workflows/from-vault.yaml -t leaf1 -vv', ['yes'])
  for (const command of ['key list', 'key show plan', 'key show server', 'key show checkpoint', 'store id'])
    await run(command)
}

/** From the plan file to the end of the change, with a comment that tells a token. */
async function goodChange({ run, both, lab: { env, secretsDir } }: Runner) {
  await run('snapshot take before')
  await run('plan workflows/vlan.yaml --markdown')
  await run('plan workflows/vlan.yaml -o p.plan --details')
  await both('show p.plan')
  await run(`approve p.plan --key ${secretsDir}/approver --comment ${env.CNRY_TOKEN} -o by-key.approval`)
  await run('approval verify by-key.approval --json')
  await run(`approve p.plan --comment ${env.CNRY_TOKEN}`)
  await run('run p.plan -vv')
  await run(`change -t leaf1 'snmp-server location ${env.CNRY_TOKEN}'`)
  await run("change -t leaf1 'interface Ethernet10' 'description X' --plan-only")
  await both('history @latest', 'show @latest', 'executions', 'plans')
  await run('watch @latest --json')
  const first = Number(/^ *(\d+)/m.exec(await run('history @latest'))?.[1])
  await run(`show @latest --at ${first + 30}`)
  await run('rollback @latest --detach')
  await run('resume @latest --detach')
  await run('plan workflows/vlan.yaml --offline before -p vlan=130')
  await run('adopt *')
  // Its diff repeats a token in free text, which is out of the plan before the plan has a digest.
  await run('plan workflows/whole.yaml -o whole.plan')
  await run('approve whole.plan')
  await both('plan queue')
}

/** Parameters, reasons and names that hold a secret. */
async function typedSecrets({ run, lab: { env } }: Runner) {
  await run('plan forbidden.yaml -vv --json')
  await run('plan forbidden.yaml --offline before')
  await run(`plan workflows/vlan.yaml -p label=${env.CNRY_TOKEN}`)
  await run(`plan workflows/vlan.yaml -p vlan=${env.CNRY_HTTP_KEY} -vv`)
  await run(`show ${env.CNRY_TOKEN}`)
  await run(`snapshot take ${env.CNRY_HTTP_KEY}`)
  await run('snapshot list --json')
  await run(`reject p.plan --comment ${env.CNRY_HTTP_KEY}`)
  await run(`stop @latest --reason ${env.CNRY_HTTP_KEY}`)
  await run(`suspend @latest --reason ${env.CNRY_HTTP_KEY}`)
  await run(`freeze --reason ${env.CNRY_HTTP_KEY}`)
  await run(`freeze --until ${env.CNRY_TOKEN} --reason x`)
  await run(`unfreeze ${env.CNRY_TOKEN} --reason x`)
  await run('run workflows/vlan.yaml -p vlan=141 --detach')
  await run('plan workflows/vlan.yaml -p vlan=141')
  await run(`unfreeze --reason ${env.CNRY_HTTP_KEY}`)
  await run(`release-device leaf1 --reason ${env.CNRY_HTTP_KEY}`)
  await run(`signal --error ${env.CNRY_HTTP_KEY}`)
  await run(`nonsense ${env.CNRY_TOKEN}`)
}

/** Somebody changes every secret by hand, a switch and a service repeat what they know, files are shown whole. */
async function revealing({ run, both, lab }: Runner) {
  const { fabric } = lab
  await both('snapshot show before')
  for (const { name: device } of fabric.devices) {
    await fabric.fault({ device, kind: 'hand-edit', lines: canaryLines(2) })
  }
  await both('snapshot diff before')
  await run('snapshot diff before --markdown')
  await run('snapshot diff before --html diff.html')
  await both('drift')
  await run('plan workflows/whole.yaml')
  await run('adopt * --json')
  await both(`ask 'show running-config'`, `ask 'show running-config' --query $ --csv asked.csv`)
  await run(`ask 'show running-config' 'show snmp community' --by switch --save asked`)
  await refusedLine(lab, run)
  await run('run asking.yaml -vv', ['yes'])
  await both('show @latest')
  await both('config redact with-secrets.cfg', 'config diff with-secrets.cfg change.cfg')
  await both('config merge with-secrets.cfg change.cfg', 'config normalize with-secrets.cfg')
}

/** An invariant that no line of a configuration may have: what it says quotes all of them. */
const QUOTING = `invariants:
  - name: nothing
    each: hostname *
    mustNot: ['/* **', '/* ** > * **', '/* ** > * ** > * **']
    because: every line is quoted
`

async function invariants({ run, both, lab }: Runner) {
  mkdirSync(join(lab.dir, 'invariants'))
  lab.write('invariants/all.yaml', QUOTING)
  await both('check invariants')
  await run('plan workflows/vlan.yaml -p vlan=147')
  rmSync(join(lab.dir, 'invariants'), { recursive: true })
}

/** Checks quote the switch, the catalog and saved answers; a change is found to be not all that has become different. */
async function checks({ run, both, lab, ends }: Runner) {
  await invariants({ run, both, lab, ends })
  await run('check run --json')
  await run('check run --by check -vv --csv checks.csv --junit checks.xml')
  await run('check run --markdown --hide success --since before --within 1s')
  await both('check try VerifyRunningConfigDiffs --output diffs.txt')
  await both('check try assert --inputs inputs.yaml --output with-secrets.cfg')
  await both('check list', 'check show VerifySnmpNotificationHost')
  await run('check list community --markdown')
  await run('plan workflows/keeping.yaml')
  await lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', lines: canaryLines(1), on: 'commit' })
  await run('run workflows/expected.yaml -t leaf1 -vv', ['yes'])
  await both('show @latest')
}

/** Each switch refuses a line in words that repeat the login that reads it, and lines that nobody has typed. */
async function refusedLine(lab: Lab, run: Runner['run']) {
  for (const [device, login] of Object.entries(KEPT_ELSEWHERE)) {
    const errors = [`${refusalWords(lab)} ${encodings(lab.secret(login))}`]
    await lab.fabric.fault({ device, kind: 'refuse-command', command: '^vlan 140$', code: 1002, errors })
    await run(`plan workflows/vlan.yaml -p vlan=140 -t ${device} -vv`)
    await run('history @latest --json')
  }
}

async function otherRefusals({ run, lab }: Runner) {
  await run('run p.plan -vv')
  const message = refusalWords(lab)
  for (const { name: device } of lab.fabric.devices) {
    await lab.fabric.fault({ device, kind: 'refuse-commit', message })
    await run(`run workflows/vlan.yaml -p vlan=141 -t ${device} -vv`, ['yes'])
    await run('history @latest --json')
    await lab.fabric.fault({ device, kind: 'refuse-command', command: '^show version', code: 1000, errors: [message] })
    await run(`snapshot take refused -t ${device} -vv --json`)
  }
}

/** Verification fails: both switches are put back. */
async function putBack({ run, both }: Runner) {
  await run('run workflows/fails.yaml -p vlan=150 -vv', ['yes'])
  await both('show @latest')
  await run('history @latest')
}

async function services({ run, both }: Runner) {
  for (const file of ['refused', 'broken']) {
    await run(`run ${file}.yaml -vv`, ['yes'])
    await both('show @latest')
  }
}

async function files({ run, both }: Runner) {
  await run("record -o fabrics/plain --command 'show snmp notification host'")
  await run('record -o fabrics/anonymous --anonymize --json')
  await run('plan workflows/vlan.yaml --offline fabrics/plain -p vlan=160 --json')
  await both('states run machine.asl.yaml --mock mocks.yaml')
  await run('states validate machine.asl.yaml')
}

/** The record for auditors, leftovers, an empty store, a switch that lets nobody in, and a policy that denies. */
async function atLast({ run, both, lab }: Runner) {
  await both('audit verify', 'audit list')
  for (const format of ['jsonl', 'rfc5424', 'cef', 'otlp']) await run(`audit export --format ${format}`)
  await run('audit export --format jsonl --to audit.jsonl')
  await run('audit key')
  await run('key rotate plan --reason lost')
  await both('sessions list', 'recover --scan')
  await run('sessions gc')
  await run('executions --store elsewhere.db')
  await run('store backup kept.db')
  await run(`store restore kept.db --set-aside --reason ${lab.env.CNRY_HTTP_KEY}`)
  await run(`store seal --keep 1 --reason ${lab.env.CNRY_HTTP_KEY}`)
  await run(`key rotate install --reason ${lab.env.CNRY_HTTP_KEY}`)
  await both('key list', 'audit verify')
  await run(`publish -m ${lab.env.CNRY_HTTP_KEY}`)
  await both('bundle list', 'bundle show', 'bundle diff')
  lab.write('workflows/leaking.txt', `ntp authentication-key 1 ${lab.env.CNRY_PASSWORD}\n`)
  lab.write('workflows/leaking.yaml', LEAKING)
  await both('bundle diff')
  await run('publish')
  await lab.fabric.fault({ device: 'leaf1', kind: 'http-status', status: 401, times: 9 })
  await run('snapshot take denied -vv --json')
  lab.write('policy.yaml', 'version: 1\nrules: []\n')
  await run('run workflows/vlan.yaml -p vlan=152 -vv', ['yes'])
  await run('redrive @latest')
  await both('policy explain task.push')
  await both('policy input p.plan')
}

/** A workflow whose change is a file with a secret in clear text. */
const LEAKING = `name: leaking
targets: leaf1
change: { mode: merge, file: leaking.txt }
steps: [snapshot, plan, approve, push, verify: { checks: [reachable] }, confirm]
`

function refusalWords({ env }: Lab) {
  const lines = canaryLines(2).filter((line) => /^(?:enable|snmp|tacacs)/.test(line))
  return `Invalid input: ${lines.join(' / ')} as ${encodings(env.CNRY_PASSWORD ?? '')}`
}

/** A value as a switch might repeat it: as it is, in a URL, in a login of HTTP, in hexadecimal digits. */
function encodings(value: string) {
  const inLogin = Buffer.from(`admin:${value}`).toString('base64')
  return [value, encodeURIComponent(value), inLogin, Buffer.from(value).toString('hex')].join(' ')
}
