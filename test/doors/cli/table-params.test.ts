import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { fileText, openLab, prints, runningConfig, warns, workflowFor } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'
import { startAgentTools } from '../agents/agent-tools.ts'

const WORKFLOW = `params:
  vlans:
    type: table
    columns: { vlan: { type: integer, minimum: 2, maximum: 4094 }, name: { type: string, optional: true } }
    key: vlan
  note: { type: string, default: none }
  more: { type: object, default: {} }
${workflowFor('leaf1', { lines: ['{% for row in vlans %}', 'vlan {{ row.vlan }}', '{% endfor %}'] }).replace(
  /change: .*\n/,
  'change: { mode: merge, template: vlans.j2 }\n',
)}`
const TEMPLATE =
  '{% for row in vlans %}\nvlan {{ row.vlan }}\n{% if row.name is defined %}\n   name {{ row.name }}\n{% endif %}\n{% endfor %}\n'
const CSV = 'vlan,name\n998,TESTED\n997,\n'

function tableLab() {
  const lab = openLab({ workflow: WORKFLOW, files: { 'vlans.j2': TEMPLATE, 'vlans.csv': CSV } })
  return lab
}

describe('a table on the command line', () => {
  test.each(
    everyNth(5, 'tables on a command line', [
      ['-p vlans=@vlans.csv', ['-p', 'vlans=@vlans.csv']],
      ['--params vlans.csv', ['--params', 'vlans.csv']],
      ['-p vlans=JSON', ['-p', 'vlans=[{"vlan":998,"name":"TESTED"},{"vlan":997}]']],
      ['-p vlans=CSV', ['-p', `vlans=${CSV}`]],
      ['--params FILE, and -p wins', ['--params', 'p.yaml', '-p', 'vlans=@vlans.csv']],
    ]),
  )('%s', async (_what, flags) => {
    const lab = tableLab()
    lab.write('p.yaml', 'vlans: [{ vlan: 5 }]\nnote: "@vlans.csv"\n')
    const { err } = await prints(
      0,
      lab.eosflow('plan workflow.yaml', ...flags),
      'vlans=(2 rows)',
      /\+ vlan 997\n[\s\S]*\+ vlan 998\n[\s\S]*name TESTED/,
    )
    expect(err).toContain('1 to change')
  })

  test('a text that begins with @ stays a text, and only a table or an object is a file', async () => {
    const lab = tableLab()
    const { out } = await lab.eosflow('plan workflow.yaml -p vlans=@vlans.csv -p note=@vlans.csv')
    expect(out).toContain('note=@vlans.csv')
  })

  test('planned, saved, approved and run it is the same table each time', { tags: ['long', 'turn'] }, async () => {
    const lab = tableLab()
    await lab.ok('plan workflow.yaml -p vlans=@vlans.csv -o v.plan')
    const approved = await lab.ok('approve v.plan')
    expect(approved.err).toBe('')
    await lab.ok('run v.plan')
    const saved = JSON.parse(fileText(lab.dir, 'v.plan'))
    expect(saved.content.workflow).toMatchObject({ params: { vlans: [{ vlan: 998, name: 'TESTED' }, { vlan: 997 }] } })
    expect(runningConfig(lab.device('leaf1'))).toContain('vlan 997')
  })

  test.each([
    [['-p', 'vlans=@bad.csv'], 'bad.csv:2:1: the parameter `vlans[0].vlan`: must be at least 2, not 1'],
    [['-p', 'vlans=@bad.csv'], 'bad.csv:4:1: the parameter `vlans[2].vlan`: must be a whole number, not "x"'],
    [['-p', 'vlans=@none.csv'], 'none.csv:1:1: there is no such file'],
    [['-p', 'more=@vlans.csv', '-p', 'vlans=[]'], 'vlans.csv:1:1: the parameter `more`: must be a mapping'],
    [['--params', 'p.yaml'], 'p.yaml:1:8: the parameter `vlans`: must be a list of rows'],
  ])('%j is refused at its place', async (flags, said) => {
    const lab = tableLab()
    lab.write('bad.csv', 'vlan,name\n1,a\n2,b\nx,c\n')
    lab.write('p.yaml', 'vlans: "@vlans.csv"\n')
    await warns(3, lab.eosflow('validate workflow.yaml', ...flags), said)
  })

  test('a CSV for --params needs one table to be it', async () => {
    const lab = openLab({ files: { 'vlans.csv': CSV } })
    await warns(
      3,
      lab.eosflow('plan workflow.yaml --params vlans.csv'),
      'a CSV file is a table, and the workflow has no table',
    )
  })
})

describe('a table in a request', () => {
  test('is rows of JSON or a text of CSV, and no file of the server', { tags: ['long', 'turn'] }, async () => {
    const bench = await startAgentTools()
    bench.lab.write('workflows/vlans.yaml', WORKFLOW.replace('vlans.j2', 'workflows/vlans.j2'))
    bench.lab.write('workflows/vlans.j2', TEMPLATE)
    bench.lab.write('vlans.csv', CSV)
    await bench.room.begin()
    const plan = (vlans: unknown) =>
      bench.ask('POST', '/api/v1/plans', {
        token: 'alice',
        body: { workflow: 'workflows/vlans.yaml', params: { vlans } },
      })
    for (const rows of [[{ vlan: 998, name: 'TESTED' }, { vlan: 997 }], CSV, JSON.stringify([{ vlan: 998 }])]) {
      const { status, json } = await plan(rows)
      expect([status, json.detail]).toEqual([202, undefined])
      await until(bench, async () => bench.room.running.length === 0)
    }
    for (const file of ['@vlans.csv', '@/etc/passwd', '@-']) {
      const { status, text } = await plan(file)
      expect([status, text]).toEqual([422, expect.stringContaining('a file is named on a command line alone')])
    }
    const bad = await plan('vlan\n1\nx\n')
    expect((bad.json.problems as { at: object }[]).map(({ at }) => at)).toEqual([
      { file: '-p vlans', line: 2, column: 1 },
      { file: '-p vlans', line: 3, column: 1 },
    ])
    expect((await plan(`vlan\n${'5\n'.repeat(40_000)}`)).status).toBe(422)
  })
})
