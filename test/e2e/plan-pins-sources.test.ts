// @module-tag long
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { type Lab, NO_COMMIT, openLab, planAt, workflowFor } from '../lab/lab.ts'

/** `Quiet-Heron-41` under the password `pw-one`, twice, and under `pw-two`; `Loud-Heron-42` under `pw-one`: ansible-vault 2.14.18. */
const QUIET_ONE = `36336264393263396636313365353166666264333936626134613665613338646632333732646139
3265313238326331323164626136346233663264343461610a313130663136303465363939303662
33396531306231373231633263353739366331353235623933663034656238376361626532376263
3866306563396166380a303662616539306466323661326431346630386137383335663862613933
3136`
const QUIET_AGAIN = `31363330323964656134303531393964356230666130353763326465326264663439343036643931
6330653333633363623862303062353639633363323438630a303232633732323165383436393461
30363461643138356134626662633132363938373835383738666130386337393566396537666365
6437643034623163370a323966613066666662383836636331393132373530373462343361323836
3032`
const QUIET_TWO = `30613530636165386164386365663430633265303436616364303261653432313937313832363036
3639353963653833646464356237663064313832373539330a306636343935613433396563316664
61383034363736616536376263626662313234373137636462616134616539376534323563643161
3036653162613364650a633135616531343562633331663662633363663263346233303536643863
6435`
const LOUD_ONE = `36656636346236386166616230363237636634306634616638393333623866386161396364613163
6533313236323333303561383863333062383933616134630a623561643865363936333535393633
39316536306531346634323264343738393764336436366131663965343263313838623935666231
6634356261346539610a623435363039303433613330306136333131373330326663323138366132
3139`

const indented = (envelope: string) =>
  ['$ANSIBLE_VAULT;1.1;AES256', ...envelope.split('\n')].map((line) => `  ${line}`).join('\n')

const LINES = [
  'vlan 998',
  'snmp-server community {{ device.vars.community }} ro',
  'snmp-server location {{ device.vars.place }}',
  "snmp-server contact {{ fabric['leaf3'].vars.owner }}",
]

const LEAVES = (vault: string, site = 'hall', unread = '{{ nobody.has.this }}') => `site: ${site}
place: 'at {{ site }} {{ row }}'
unread: '${unread}'
community: !vault |
${indented(vault)}
`

/** A lab whose switches are those of an Ansible inventory beside the project file. */
async function ansibleLab() {
  const env = { VAULT: 'pw-one' }
  const lab = openLab({ workflow: workflowFor('leaf1', { lines: LINES }), env })
  const [first] = lab.fabric.devices
  const port = (name: string) => lab.device(name).http.port
  lab.write(
    'inventory.yaml',
    `defaults: { protocol: http, credentials: sim }
credentials: { sim: { username: ${first?.username}, password: ${first?.password}, simulated: true } }
sources: [{ ansible: inv, vault: '\${env:VAULT}' }]
`,
  )
  lab.write(
    'inv/hosts',
    `[leaves]\nleaf1 ansible_host=127.0.0.1 ansible_network_os=eos ansible_httpapi_port=${port('leaf1')}\nleaf3 ansible_host=127.0.0.1 ansible_network_os=eos ansible_httpapi_port=${port('leaf3')}\n`,
  )
  lab.write('inv/group_vars/leaves.yml', LEAVES(QUIET_ONE))
  lab.write('inv/host_vars/leaf1.yml', 'row: 7\n')
  lab.write('inv/host_vars/leaf3.yml', "owner: 'of {{ team }}'\nteam: north\nother: 1\n")
  await lab.ok('plan workflow.yaml -o a.plan')
  const { digest } = planAt(lab, 'a.plan')
  return Object.assign(lab, { env, line: ['run', 'a.plan', '--approve', digest] })
}

const moved = (what: string, place: string) => `${what} (${place}) is no longer what the plan was made from`

type Edit = (lab: Awaited<ReturnType<typeof ansibleLab>>) => void

const ROWS: readonly (readonly [string, Edit, string | undefined])[] = [
  ['nothing', () => undefined, undefined],
  ['the same secret, encrypted anew', (lab) => lab.write('inv/group_vars/leaves.yml', LEAVES(QUIET_AGAIN)), undefined],
  [
    'the same secret under another vault password',
    (lab) => {
      lab.env.VAULT = 'pw-two'
      lab.write('inv/group_vars/leaves.yml', LEAVES(QUIET_TWO))
    },
    undefined,
  ],
  [
    'another secret under the same password',
    (lab) => lab.write('inv/group_vars/leaves.yml', LEAVES(LOUD_ONE)),
    moved('leaf1: vars.community', 'inv/group_vars/leaves.yml:4'),
  ],
  [
    'a vault password that no longer opens it',
    (lab) => {
      lab.env.VAULT = 'pw-three'
    },
    moved('leaf1: vars.community', 'inv/group_vars/leaves.yml:4'),
  ],
  [
    'a variable that a read value is made of, in a file of its own',
    (lab) => lab.write('inv/host_vars/leaf1.yml', 'row: 8\n'),
    moved('leaf1: vars.place', 'inv/group_vars/leaves.yml:2'),
  ],
  [
    'a variable that a value of another host is made of',
    (lab) => lab.write('inv/host_vars/leaf3.yml', "owner: 'of {{ team }}'\nteam: south\nother: 1\n"),
    moved('leaf3: vars.owner', 'inv/host_vars/leaf3.yml:1'),
  ],
  [
    'a value that was made of Jinja, written out alike in another file',
    (lab) => lab.write('inv/host_vars/leaf1.yml', 'row: 7\nplace: at hall 7\n'),
    undefined,
  ],
  [
    'Jinja that nothing reads',
    (lab) => lab.write('inv/group_vars/leaves.yml', LEAVES(QUIET_ONE, 'hall', '{{ lookup("env", "X") }}')),
    undefined,
  ],
]

describe('a plan pins what it read of another tool', () => {
  test.each(everyNthOfLong(4, 'changes of what a plan has read of its sources', ROWS))(
    '%s',
    async (_what, edit, said) => {
      const lab = await ansibleLab()
      edit(lab)
      const { code, out, err } = await lab.eosflow(...lab.line)
      expect(code, err).toBe(said === undefined ? 0 : 5)
      if (said !== undefined) expect(out + err).toContain(said)
    },
  )

  test('and no byte of a secret that it read', { tags: 'turn' }, async () => {
    const lab = await ansibleLab()
    await lab.ok(...lab.line)
    for (const argv of [
      ['show', '@latest'],
      ['show', '@latest', '--json'],
      ['history', '@latest'],
    ]) {
      await lab.eosflow(...argv)
    }
    const files = readdirSync(lab.dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(5)
    const found = files.filter((entry) => readFileSync(join(entry.parentPath, entry.name)).includes('Quiet-Heron-41'))
    expect(found.map(({ name }) => name)).toEqual([])
    expect(lab.printed).not.toContain('Quiet-Heron-41')
    expect(lab.device('leaf1').switch.running).toBeDefined()
  })
})

describe('an edit after the plan, named', () => {
  test('where its approval is judged', { tags: 'turn' }, async () => {
    const lab = await ansibleLab()
    await lab.exits(12, 'run workflow.yaml --detach')
    await lab.ok('approve @latest')
    lab.write('inv/host_vars/leaf1.yml', 'row: 8\n')
    const { out, err } = await lab.exits(5, 'resume @latest')
    expect(out + err).toContain(moved('leaf1: vars.place', 'inv/group_vars/leaves.yml:2'))
  })

  test('where the process that has planned pushes the next wave: the first one is put back', {
    tags: 'turn',
  }, async () => {
    const lab = openLab({
      workflow: workflowFor('leaf1 or leaf3', {
        lines: ['vlan {{ device.vars.vlan }}'],
        verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }',
      }),
      before: (running, device, commands) => {
        if (device !== 'leaf1' || !commands.some((command) => command.includes(' commit timer '))) return
        running.write('inventory.yaml', textOf(running).replace('"vlan":903', '"vlan":904'))
      },
    })
    const textOf = ({ dir }: Lab) => readFileSync(join(dir, 'inventory.yaml'), 'utf8')
    const text = textOf(lab).replace(/"(leaf[13])":\{/g, (_, name) => `"${name}":{"vars":{"vlan":90${name.at(-1)}},`)
    lab.write('inventory.yaml', text)
    const { code, out, err } = await lab.change()
    expect(out + err).toContain(moved('leaf3: vars.vlan', 'inventory.yaml:1'))
    expect([code, out]).toEqual([6, expect.stringContaining('BEFORE: configuration read back, network as before')])
    expect(lab.commits('leaf3')).toEqual(NO_COMMIT)
  })

  test('and refuses a check that compares with a secret, which it would have to keep', async () => {
    const lab = await ansibleLab()
    const verify =
      "{ within: 20s, stableFor: 0s, every: 2s, expect: { vlan: { added: ['998', '{{ device.vars.community }}'] } } }"
    lab.write('workflow.yaml', workflowFor('leaf1', { lines: ['vlan 998'], verify }))
    const { code, out, err } = await lab.eosflow('plan workflow.yaml -o b.plan')
    expect(out + err).not.toContain('Quiet-Heron-41')
    expect(readdirSync(lab.dir)).not.toContain('b.plan')
    expect(code, out).toBe(10)
    expect(err).toContain('the check `expected-change` compares with a secret, and the plan would keep it')
  })
})
