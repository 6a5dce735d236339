import { z } from 'zod'

export const changeSchema = z
  .strictObject({
    mode: z
      .enum(['merge', 'replace'])
      .default('merge')
      .describe('`merge` adds to the configuration, `replace` puts a whole one in its place.'),
    template: z
      .string()
      .min(1)
      .optional()
      .describe('A Jinja2 template, relative to this file.')
      .meta({ examples: ['templates/vlan.j2'] }),
    lines: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('Commands, each a Jinja2 template.')
      .meta({ examples: [['vlan {{ vlan }}']] }),
    file: z
      .string()
      .min(1)
      .optional()
      .describe('A file of configuration per switch.')
      .meta({ examples: ['intended/{{ device.name }}.cfg'] }),
    vars: z
      .literal('ansible')
      .optional()
      .describe(
        '`ansible`: a template names the variables of its switch as a playbook does: `{{ asn }}`, `{{ inventory_hostname }}`.',
      )
      .meta({ examples: ['ansible'] }),
    keep: z
      .array(z.string())
      .min(1)
      .optional()
      .describe(
        'Of `mode: replace`: lines of the switch that stay although the configuration lacks them, each with its block; `*` is any text.',
      )
      .meta({ examples: [['interface Ethernet* > error-correction encoding *']] }),
  })
  .describe('What changes.')
  .meta({ examples: [{ mode: 'merge', template: 'templates/vlan.j2' }] })
