import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { isZgradError } from '../../src/errors/index.js';
import { escapeAttribute, escapeText, readXml } from '../../src/table/xml.js';
import { anyString } from './support.js';

const events = (text: string) => Array.from(readXml(text, 'x.xml'), (event) => {
  if (event.kind === 'text') return event.text;
  return event.kind === 'end' ? `/${event.name}` : [event.name, ...Array.from(event.attributes, ([key, value]) => `${key}=${value}`)].join(' ');
});

describe('readXml', () => {
  it('gives elements and text in order', () => {
    expect(events('<?xml version="1.0"?>\n<!DOCTYPE a SYSTEM "a.dtd">\n<a x="1" y = \'2 "3"\'>t<v:b/><!-- <c> --><![CDATA[<&]]>&amp;&#x3b1;&#945;</a >\n')).toEqual(
      ['a x=1 y=2 "3"', 't', 'b', '/b', '<&', '&αα', '/a']);
  });

  it('makes one line end of three, and blanks of those in attributes', () => {
    expect(events('<a x="1\r\n2\t3&#10;4">\r\n\r</a>')).toEqual(['a x=1 2 3\n4', '\n\n', '/a']);
  });

  it('gives back any text and any attribute that was escaped, but for what XML cannot hold', () => {
    fc.assert(fc.property(anyString, anyString, (text, attribute) => {
      // eslint-disable-next-line no-control-regex -- these are the characters in question
      const held = (all: string) => all.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd');
      expect(events(`<a x="${escapeAttribute(attribute)}">${escapeText(text)}</a>`)).toEqual(
        [`a x=${held(attribute)}`, ...(text === '' ? [] : [held(text)]), '/a']);
    }), { numRuns: 300 });
  });

  it.each([
    ['nothing', '', 'line 1', 'an XML document'],
    ['text outside', '<a/>\nx', 'line 2', 'an XML element'],
    ['two roots', '<a/>\n<b/>', 'line 2', 'the end of the document'],
    ['an open element', '<a>\n<b>\n</b>', 'line 3', "'</a>'"],
    ['the wrong end', '<a>\n</b>', 'line 2', "'</a>'"],
    ['an end too many', '<a/>\n</a>', 'line 2', 'the end of the document'],
    ['no name', '<a>\n< b/></a>', 'line 2', 'the name of an element'],
    ['an attribute without quotes', '<a\nx=1/>', 'line 1', 'an attribute'],
    ['an attribute twice', '<a x="1"\nx="2"/>', 'line 1', 'it once'],
    ['a < in an attribute', '<a x="<"/>', 'line 1', 'an attribute'],
    ['a bare &', '<a>\n1 & 2</a>', 'line 2', '&amp;'],
    ['an unknown entity', '<a>\n\n&nbsp;</a>', 'line 3', '&amp;'],
    ['a character that is none', '<a>&#0;</a>', 'line 1', '&amp;'],
    ['a comment without end', '<a>\n<!-- </a>', 'line 2', "'-->'"],
    ['CDATA without end', '<a>\n<![CDATA[ </a>', 'line 2', "']]>'"],
    ['definitions of its own', '<!DOCTYPE a [<!ENTITY b "c">]>\n<a/>', 'line 1', 'none'],
    ['a tag without end', '<a>\n<b', 'line 2', 'the end of the tag <b>'],
  ])('refuses %s', (_, text, where, expected) => {
    try {
      events(text);
      expect.unreachable();
    } catch (error) {
      if (!isZgradError(error, 'BadTable')) throw error;
      expect(error.details.where).toContain(where);
      expect(error.details.expected).toContain(expected);
    }
  });
});
