import { z } from 'zod'
import { shown } from '../../../text/source/duration.ts'

export const changeSchema = shown(
  z.strictObject({
    mode: z
      .enum(['merge', 'replace'])
      .default('merge')
      .describe('`merge` adds to the configuration, `replace` puts a whole one in its place.'),
    template: shown(z.string().min(1).optional(), 'A Jinja2 template, relative to this file.', 'templates/vlan.j2'),
    lines: shown(z.array(z.string()).min(1).optional(), 'Commands, each a Jinja2 template.', ['vlan {{ vlan }}']),
    file: shown(z.string().min(1).optional(), 'A file of configuration per switch.', 'intended/{{ device.name }}.cfg'),
    vars: shown(
      z.literal('ansible').optional(),
      '`ansible`: a template names the variables of its switch as a playbook does: `{{ asn }}`, `{{ inventory_hostname }}`.',
      'ansible',
    ),
    keep: shown(
      z.array(z.string()).min(1).optional(),
      'Of `mode: replace`: lines of the switch that stay although the configuration lacks them, each with its block; `*` is any text.',
      ['interface Ethernet* > error-correction encoding *'],
    ),
  }),
  'What changes.',
  { mode: 'merge', template: 'templates/vlan.j2' },
)
