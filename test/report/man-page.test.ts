import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { manual } from '../../src/doors/cli/manual.ts'
import { EXIT_CODES } from '../../src/doors/cli/outcome/exit-code.ts'
import { commands } from '../../src/doors/cli/usage/commands.ts'
import { manPage } from '../../src/report/man-page.ts'

const SMALL = manPage({
  version: '1.2.3',
  date: '2026-11-27',
  globalFlags: [{ flags: '-C, --project <dir>', description: "the project's folder" }],
  groups: [
    {
      title: 'Begin',
      commands: [
        {
          usage: 'init [dir]',
          summary: '.hidden \\ `a` ^ ~ "b" … and more',
          example: 'eosflow init my-network',
          options: [{ flags: '--from <kind>', description: 'reads it' }],
        },
      ],
    },
  ],
  exitCodes: { 0: 'done', 3: 'bad usage' },
})

test('a command with what means something to roff', () => {
  expect(SMALL).toContain('.TH EOSFLOW 1 "2026-11-27" "eosflow 1.2.3" "User Commands"\n.SH NAME\n')
  expect(SMALL).toContain('.TP\n.B \\-C, \\-\\-project <dir>\nthe project\\(aqs folder\n.SH COMMANDS\n.SS Begin\n')
  expect(SMALL).toContain(`.SS Begin
.TP
.B init [dir]
\\&.hidden \\e \\(gaa\\(ga \\(ha \\(ti \\(dqb\\(dq \\[u2026] and more
.RS
.TP
.B \\-\\-from <kind>
reads it
.TP
Example:
.EX
eosflow init my\\-network
.EE
.RE
.SH EXIT STATUS
.TP
.B 0
done
.TP
.B 3
bad usage
.SH FILES
`)
})

describe('eosflow(1)', () => {
  const page = manual()
  const plain = page.replaceAll('\\-', '-')

  test('has every command, every flag and every exit code', () => {
    expect(commands.length).toBeGreaterThan(80)
    const flags = commands.flatMap(({ options = [] }) => options.map((option) => option.flags))
    expect(flags.length).toBeGreaterThan(200)
    const heads = new Set(plain.split('\n').filter((line) => line.startsWith('.B ')))
    expect(commands.filter(({ usage }) => !heads.has(`.B ${usage}`)).map(({ usage }) => usage)).toEqual([])
    expect(flags.filter((one) => !heads.has(`.B ${one}`))).toEqual([])
    expect(Object.keys(EXIT_CODES).filter((code) => !heads.has(`.B ${code}`))).toEqual([])
    // Help has a heading for each.
    expect(plain).not.toContain('.SS Commands\n')
    expect(page).toMatch(/^[\n -~]*$/)
  })

  const isThere = (program: string) => spawnSync(program, ['--version']).error === undefined

  test.skipIf(!isThere('groff'))('is rendered without a warning (needs the groff command)', () => {
    const render = (input: string) =>
      spawnSync('groff', ['-man', '-Tutf8', '-ww', '-P-c'], { input, encoding: 'utf8', maxBuffer: 2 ** 24 })
    const { status, stdout, stderr } = render(page)
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('snapshot take')
    expect(render(`${page}.NO_SUCH_MACRO x\n`).stderr).toContain('NO_SUCH_MACRO')
  })

  test.skipIf(!isThere('mandoc'))('has nothing that mandoc warns of (needs the mandoc command)', () => {
    const judge = (input: string) => spawnSync('mandoc', ['-T', 'lint', '-W', 'warning'], { input, encoding: 'utf8' })
    const { status, stdout } = judge(page)
    expect([status, stdout]).toEqual([0, ''])
    expect(judge(`${page}.NO_SUCH_MACRO x\n`).stdout).toContain('NO_SUCH_MACRO')
  })
})
