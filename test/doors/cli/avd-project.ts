import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inProcess, temporaryFolder } from '../../lab/lab.ts'
import { start } from './eosflow.ts'

/** An AVD project in a folder of its own, and what its switches run before it is deployed. */
export interface AvdProject {
  readonly dir: string
  /** The configurations before, by name. */
  readonly bases: ReadonlyMap<string, string>
}

/** A small project in the form of AVD: a spine and two leaves, and a server that is no switch. */
export function ownAvd(): AvdProject {
  const dir = temporaryFolder()
  const names = ['sp1', 'lf1', 'lf2']
  const files: Readonly<Record<string, string>> = {
    'inventory.yml': `all:
  children:
    CLOUDVISION: { hosts: { cv: { ansible_host: 192.0.2.1, ansible_network_os: eos, ansible_password: cv-in-clear } } }
    FABRIC:
      children:
        SPINES: { hosts: { sp1: { ansible_host: 192.0.2.11 } } }
        LEAVES: { hosts: { lf1: { ansible_host: 192.0.2.21 }, lf2: { ansible_host: 192.0.2.22 } } }
`,
    'group_vars/FABRIC.yml': `ansible_connection: ansible.netcommon.httpapi
ansible_network_os: arista.eos.eos
ansible_user: deployer
ansible_password: in-clear
ansible_httpapi_validate_certs: false
`,
    'group_vars/SPINES.yml': 'type: spine\n',
    'group_vars/LEAVES.yml': 'type: l3leaf\n',
    ...Object.fromEntries(names.map((name) => [`intended/configs/${name}.cfg`, configOf(name, true)])),
  }
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(dir, path, '..'), { recursive: true })
    writeFileSync(join(dir, path), text)
  }
  return { dir, bases: new Map(names.map((name) => [name, configOf(name, false)])) }
}

function configOf(name: string, isBuilt: boolean) {
  const built = isBuilt ? 'vlan 140\n   name PROD\n!\nntp server 192.0.2.250\n!\n' : ''
  return `hostname ${name}
!
${built}username admin privilege 15 role network-admin secret sha512 $6$zMFtJNDCdXNd5rQ9$2.P8pfwopGK6NmRYubumSRhgT.ee6vcqaDfvN9VFyFIGhewx3uAVxE4n.M8wvlN3SSkjYtRLO8XLklr5R/nAg/
!
interface Management1
   ip address 192.0.2.11/24
!
ip route 0.0.0.0/0 192.0.2.254
!
management api http-commands
   no shutdown
!
end
`.replace(/end\n$/, '')
}

/**
 * Starts simulated switches on the base configurations, and lets the project's inventory lead to them: each gets an address on loopback
 * under `devices`, which goes before what the source says. Ended with the test.
 */
export async function onSimulated({ dir, bases }: AvdProject) {
  const fabric = temporaryFolder()
  const devices = [...bases.keys()].map((name, index) => {
    const serial = `JPE2131${String(index).padStart(4, '0')}`
    const mac = `00:1c:73:aa:03:${index.toString(16).padStart(2, '0')}`
    return `  ${name}: { eos: 4.32.2F, model: DCS-7280SR3-48YC8, serial: ${serial}, mac: '${mac}', config: ${name}.cfg }\n`
  })
  for (const [name, config] of bases) writeFileSync(join(fabric, `${name}.cfg`), config)
  writeFileSync(
    join(fabric, 'fabric.yaml'),
    `version: 1\nname: avd\ncredentials: { username: admin, password: admin }\ndevices:\n${devices.join('')}`,
  )
  const { line } = await start(['sim start', fabric, '--json'], { cwd: dir })
  const { devices: running } = JSON.parse(line) as {
    readonly devices: readonly { readonly name: string; readonly http: { readonly port: number } }[]
  }
  const file = join(dir, 'inventory.yaml')
  const over = running.map(({ name, http }) => `  ${name}: { host: 127.0.0.1, port: ${http.port} }\n`).join('')
  const text = readFileSync(file, 'utf8')
    .replace(/^defaults: .*$/m, 'defaults: { credentials: simulated, protocol: http }')
    .replace(/^ {2}operator: .*$/m, '  simulated: { username: admin, password: admin, simulated: true }')
    .replace('devices: {}\n', `devices:\n${over}`)
  writeFileSync(file, text)
  const workflow = join(dir, 'workflows/deploy.yaml')
  writeFileSync(workflow, readFileSync(workflow, 'utf8').replace('stableFor: 30s', 'stableFor: 1s\n      every: 1s'))
}

/** Deploys: plans, runs what was planned, plans again, asks for drift. */
export async function deployed({ dir }: AvdProject): Promise<{
  readonly planned: string
  readonly run: { readonly code: number | null; readonly stdout: string }
  readonly again: { readonly code: number | null; readonly stdout: string }
  readonly drift: { readonly code: number | null; readonly stdout: string }
}> {
  const planned = await inProcess('plan workflows/deploy.yaml', dir)
  const [, digest = ''] = /--approve (sha256:[0-9a-f]{64})/.exec(planned.stdout) ?? []
  return {
    planned: planned.stdout,
    run: await inProcess(`run workflows/deploy.yaml --approve ${digest}`, dir),
    again: await inProcess('plan workflows/deploy.yaml --detailed-exitcode', dir),
    drift: await inProcess('drift --detailed-exitcode', dir),
  }
}
