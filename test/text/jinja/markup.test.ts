import { describe, expect, test } from 'vitest'
import { renderTemplate } from '../../../src/index.ts'
import { linesOf, table } from '../../table.ts'

/** Recorded from MarkupSafe 2.1, Jinja2 3.1 and Ansible 2.14.18 on Python 3.11. */
describe('text that was made safe for HTML is a text, and makes safe what is added to it', () => {
  test.each([
    ...table`
    {{ ('%s'|e) % ('<', ) }}                                                &lt;
    {{ ('%s %s'|e) % ('<', '>'|safe) }}                                     &lt; >
    {{ ('%(a)s'|e) % {'a': '<'} }}                                          &lt;
    {{ ('%s'|e) % ['<'] }}                                                  [&#39;&lt;&#39;]
    {{ ('%s'|e) % {'a': '<'} }}                                             {&#39;a&#39;: &#39;&lt;&#39;}
    {{ ('%d %.1f %i'|e) % (5, 2.5, 2.9) }}                                  5 2.5 2
    {{ ('%.2s|'|e) % '<' }}                                                 &l|
    {{ ('%r'|e) % ('a'|e) }}                                                Markup(&#39;a&#39;)
    {{ ('abc'|e) % [5] }}                                                   abc
    {{ ('100%%'|e) % () }}                                                  100%
    {{ '%s' % ('<'|e) }}                                                    &lt;
    {{ '%r' % ('<'|e) }}                                                    Markup('&lt;')
    {{ '%c' % ('a'|safe) }}                                                 a
    {{ '{!r}'.format('a'|e) }}                                              Markup('a')
    {{ ('a'|e)|string|e }}                                                  a
    {{ ('<'|e ~ '<')|e }}                                                   &amp;lt;&lt;
    {{ (('<'|e) + '<')|e }}                                                 &lt;&lt;
    {{ ('a b c'|e).split() }} {{ ('a b'|e).split()[0]|type_debug }}         [Markup('a'), Markup('b'), Markup('c')] Markup
    {{ ('a<b'|safe).split('<') }}                                           [Markup('a'), Markup('b')]
    {{ ('a<b'|safe).partition('<') }}                                       (Markup('a<b'), Markup(''), Markup(''))
    {{ ('a&lt;b'|safe).partition('<') }}                                    (Markup('a'), Markup('&lt;'), Markup('b'))
    {{ ('a&lt;b'|safe).rpartition('<') }}                                   (Markup('a'), Markup('&lt;'), Markup('b'))
    {{ (','|safe).join(['<', 5, '<'|safe]) }}                               &lt;,5,<
    {{ ','.join(['<'|safe]) }}                                              <
    {{ ('ab'|safe).center(6, '-') }}                                        --ab--
    {{ ('5'|safe).zfill(3) }}                                               005
    {{ ('<a>'|safe).strip('<') }}                                           <a>
    {{ ('aXb'|safe).replace('X', '<'|safe) }}                               a<b
    {{ ('aB'|safe).casefold()|e }}                                          ab
    {{ ('<B'|safe).swapcase()|e }}                                          <b
    {{ ('<B'|safe).removeprefix('<') }}                                     B
    {{ ('<B'|safe).removesuffix('B')|e }}                                   &lt;
    {{ ('<B'|safe).find('B') }} {{ ('<B'|safe).count('<') }} {{ ('<B'|safe).isupper() }} {{ ('<B'|safe).index('B') }}  1 1 True 1
    {{ ('a<b'|safe).title()|e }}                                            A<B
    {{ ('a<b'|safe).capitalize()|e }}                                       A<b
    {{ ('a\nb'|safe).splitlines() }}                                        [Markup('a'), Markup('b')]
    {{ ('<ab>'|safe)|trim('<') }}                                           <ab>
    {{ ('&lt;ab'|safe)|trim('<') }}                                         ab
    {{ (' ab '|safe)|trim }}|                                               ab|
    {{ ('hello world foo bar baz'|safe)|truncate(12) }}                     hello...
    {{ ('hello world foo bar baz'|safe)|truncate(12, end='<') }}            hello&lt;
    {{ ('hello world foo bar baz'|safe)|truncate(12, true, '<'|safe) }}     hello world<
    {{ ('<ab'|safe)|reverse|e }} {{ ('<ab'|safe)|last|e }} {{ ('<ab'|safe)|first|e }}  ba< b &lt;
    {{ ('<ab'|safe)|list|join|e }}                                          &lt;ab
    {{ ('<ab'|safe)|map('upper')|join }}                                    <AB
    {{ ('<ab'|safe)|select('in', 'ab')|list }}                              ['a', 'b']
    {{ ['b'|safe,'a']|sort }} {{ ['b'|safe,'a']|min }} {{ ['A'|safe,'a']|unique }} {{ ['B'|safe,'a']|sort }}  ['a', Markup('b')] a [Markup('A')] ['a', Markup('B')]
    {{ ['b'|safe,'a']|join('<') }} {{ ['b<'|safe,'a<']|join('<'|safe) }}    b<a b<<a<
    {{ [{'a':'x'|safe},{'a':'x'}]|groupby('a') }}                           [(Markup('x'), [{'a': Markup('x')}, {'a': 'x'}])]
    {{ {'a'|safe: 1, 'a': 2} }}                                             {Markup('a'): 2}
    {{ {'a': 1, 'a'|safe: 2} }}                                             {'a': 2}
    {{ {'a': 1}.get('a'|safe) }}                                            1
    {{ ('a'|safe) in ('a','b') }} {{ 'a'|safe in 'abc'|safe }} {{ ('x'|safe) not in ['x'] }}  True True False
    {{ ('10.0.0.1'|e) is ansible.utils.ip }} {{ ('10.0.0.1'|e) is ansible.utils.in_network('10.0.0.0/8'|e) }}  True True
    {{ ('abc'|e) is truthy }} {{ ('no'|e) is truthy(convert_bool=true) }}   True False
    {{ 'upper'|e is filter }}                                               True
    {{ [1,2]|tojson == '[1, 2]' }} {{ ('a'|tojson) ~ '<' }} {{ ('a'|tojson) + '<' }}  True "a"< "a"&lt;
    {{ ('a'|tojson)|tojson }} {{ ['a'|e]|to_json }} {{ {'a': 'b'|safe}|to_json }} {{ ['a'|e]|tojson }}  "\"a\"" ["a"] {"a": "b"} ["a"]
    {{ ('5'|e)|int + 1 }} {{ ('5.5'|e)|float }} {{ ('a b'|e)|wordcount }} {{ ('a b'|e)|urlencode|e }}  6 5.5 2 a%20b
    {{ ('a<b'|safe)|replace('<', '>')|e }}                                  a&gt;b
    {{ 'a<b'|replace('<'|e, 'x') }} {{ 'a&lt;b'|replace('<'|e, 'x') }}      a<b axb
    {{ ''|e|default('x', true) }} {{ 'a' if ''|e else 'b' }}                x b
    {% set x %}<{% endset %}{{ x|e }}                                       &lt;
    {% macro q() %}<{% endmacro %}{{ q()|e }}{{ q() == '<' }}               &lt;True
    {% filter e %}<{% endfilter %}                                          &lt;
    {{ ('ab'|safe)[0]|e }} {{ ('<b'|safe)[0]|e }} {{ ('<b'|safe)[-1] }} {{ ('<b'|safe)[0:1]|e }} {{ ('<b'|safe)[5] is defined }}  a < b < False
    {{ ('a'|safe) * 3 }} {{ 3 * ('<'|safe) }} {{ (('<'|safe) * 2)|e }}      aaa <<< <<
    {{ ['a'|safe] * 2 }}                                                    [Markup('a'), Markup('a')]
    {{ ('a'|safe).nosuch is defined }}                                      False
    {{ ('a'|safe)|b64encode }}                                              YQ==
    {{ ('a'|safe)|hash }}                                                   86f7e437faa5a7fce15d1ddcb9eaeaea377667b8
    {{ ('a'|safe)|ternary('x','y') }}                                       x
    {{ (('a'|safe), 1)|string }} {{ ["it's"|safe] }}                        (Markup('a'), 1) [Markup("it's")]
  `,
    ["{{ ('%5s|'|e) % '<' }}", ' &lt;|'],
    ["{{ ('%a'|e) % 'é<' }}", '&#39;\\xe9&lt;&#39;'],
    ["{{ '{:>5}'.format('a'|e) }}", '    a'],
    ["{{ ('ab'|safe).ljust(6) }}|", 'ab    |'],
    ["{{ ('a\\tb'|safe).expandtabs(4) }}", 'a   b'],
    ["{{ ('a\\nb'|safe)|indent(2, true)|e }}", '  a\n  b'],
    ["{{ ('a\\nb<'|safe)|indent('<', true)|e }}", '<a\n<b<'],
    ["{{ ('<ab'|safe)|center(7)|e }}|", '  <ab  |'],
    [
      "{{ ('cab'|safe)|sort }} {{ ('cab'|safe)|max }} {{ ('cab'|safe)|unique }} {{ ('cab'|safe)|batch(2) }} {{ ('cab'|safe)|slice(2) }}",
      "['a', 'b', 'c'] c ['c', 'a', 'b'] [['c', 'a'], ['b']] [['c', 'a'], ['b']]",
    ],
    [
      "{{ ('abc'|e) is match('a'|e) }} {{ ('abc'|e) is search('b') }} {{ ('1.2'|e) is version('1.1'|e, '>') }} {{ ('abc'|e) is contains('b') }} {{ ('abc'|e) is any }} {{ ('a'|e) is subset(['a']) }}",
      'True True True True True True',
    ],
    [
      "{{ ('<b>x</b>'|safe)|striptags|e }} {{ ('a<'|e)|length }} {{ ('a<'|e)|upper }} {{ ('a<'|e)|lower|e }} {{ ('a<'|e)|capitalize|e }} {{ ('a<'|e)|title|e }}",
      'x 5 A&LT; a&lt; A&lt; A&amp;lt;',
    ],
    [
      "{{ ('a'|e)|forceescape }} {{ ('<'|e)|forceescape }} {{ ('<'|e)|e }} {{ ['<']|e }} {{ none|e }}| {{ 5|e }} {{ true|e + 'x' }}",
      'a &amp;lt; &lt; [&#39;&lt;&#39;] None| 5 Truex',
    ],
    ["{% for c in '<a'|e %}{{ c|e }} {% endfor %}", '&amp; l t ; a '],
  ])('%s', (template, text) => {
    expect(renderTemplate(template, {})).toEqual({ ok: true, text })
  })

  test.each(
    linesOf(`
    {{ ('%x'|e) % 5 }}
    {{ ('%c'|e) % 'a' }}
    {{ ('%*s'|e) % (5, 'a') }}
    {{ ('abc'|e) % 5 }}
    {{ '%d' % ('5'|e) }}
    {{ ('ab'|safe).center(6, '<') }}
    {{ ('a'|safe).replace('a', b='<') }}
    {{ ['a'|safe,'b']|sum(start='x'|safe) }}
    {{ ('a'|safe) * 2.0 }}
    {{ ('a'|safe) + 5 }}
    {{ ('a'|safe) - 5 }}
    {{ ('a'|safe) + ['b'] }}
    {{ [1] + ('a'|safe) }}
    {{ -('a'|safe) }}
    {{ ('a'|safe).nosuch }}
    {{ 'b' > ('a'|safe) }} {{ ('a'|safe) <= 'a' }} {{ ('a'|safe) < 5 }}
    {{ ('a'|safe)|round }}
    {{ ('a'|safe)|dictsort }}
    {{ ('a'|safe)|items }}
    {{ ('a'|safe)|filesizeformat }}
  `),
  )('refuses %s, as Python does', (template) => {
    expect(renderTemplate(template, {}).ok).toBe(false)
  })
})

describe('a range is cut as Python cuts it', () => {
  test.each(table`
    {{ range(10)[2:5] }}                               [2, 3, 4]
    {{ range(3, 20, 4)[1:3]|string }}                  range(7, 15, 4)
    {{ range(10)[::-2] }}                              [9, 7, 5, 3, 1]
    {{ range(9, 0, -2)[1::2]|string }}                 range(7, -1, -4)
    {{ range(10)[::-20]|string }}                      range(9, -1, -20)
    {{ range(10 ** 18)[5:10 ** 17:10 ** 16]|length }}  10
    {{ range(10)[5:2] }}                               []
  `)('%s', (template, text) => {
    expect(renderTemplate(template, { m: {} })).toEqual({ ok: true, text })
  })

  test.each(["{{ m[0:1]|default('x') }}", '{{ 5[0:1] }}'])('refuses %s, as Python does', (template) => {
    expect(renderTemplate(template, { m: {} }).ok).toBe(false)
  })
})

describe('what is refused says what is true', () => {
  test.each([
    ['{{ m[0:1] }}', 'a dict cannot be cut by `[start:stop]`'],
    ['{{ m.keys()[0:1] }}', 'a dict_keys cannot be cut by `[start:stop]`'],
    ["{{ ('<'|e).format('a') }}", '`format` of a Markup is not rendered here'],
    ["{{ ('<'|e).nosuch }}", 'there is no `nosuch` here (a Markup)'],
    ["{{ 'a'|e|quote }}", '`quote`: it takes no text here that was made safe for HTML (`e`, `safe`, `tojson`)'],
    ["{{ '{a.b}'.format(a=m) }}", 'a dict has no member `b`'],
  ])('%s', (template, message) => {
    expect(renderTemplate(template, { m: { b: 1 } })).toMatchObject({ ok: false, problems: [{ message }] })
  })
})
