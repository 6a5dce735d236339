import { execFile } from 'node:child_process'
import { expect, test } from 'vitest'
import { ROOT } from '../../lab/checkout.ts'

test('npm run demo -- --workers: a change that was begun at a server goes on when its worker is killed', {
  tags: 'night',
  timeout: 120_000,
}, async () => {
  const { code, out } = await new Promise<{ code: unknown; out: string }>((resolve) => {
    execFile('npm', ['run', '--silent', 'demo', '--', '--workers'], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, out: stdout + stderr }),
    )
  })
  expect(code, out).toBe(0)
  const lines = out.trimEnd().split('\n')
  expect(lines.slice(-2).map((line) => line.replace(/localhost:\d+/, 'localhost:PORT'))).toEqual([
    'The server at http://localhost:PORT says: succeeded.',
    'pod1-spine1 has VLAN 3100: the other worker has finished the change.',
  ])
  const watched = lines.flatMap((line) => /the server says: (.*) \(record \d+\)$/.exec(line)?.[1] ?? [])
  expect(watched).toEqual(['running', 'ended, succeeded'])
  expect(out).toMatch(/The commit timer runs, and worker \S+ is killed \(kill -9\)\./)
})
