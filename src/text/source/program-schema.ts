import { z } from 'zod'

export function programCommand(example = '/usr/bin/pass'): z.ZodTuple<[z.ZodString], z.ZodString> {
  const program = z.string().refine((text) => text.startsWith('/'), {
    error: 'the program is named by its absolute path',
    params: { code: 'bad-program', hint: `for example \`${example}\`; nothing is looked for in PATH` },
  })
  return z.tuple([program], z.string())
}

const variable = z.string().refine((text) => /^[A-Za-z_][A-Za-z0-9_]*$/.test(text), {
  error: 'not a name of an environment variable',
  params: { code: 'bad-variable', hint: 'write the name alone: its value is taken from where eosflow runs' },
})

export const programVariables = z
  .array(variable)
  .default([])
  .describe('The environment variables that the program is given; no other.')
