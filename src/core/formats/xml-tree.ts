/**
 * A small tree of an XML document, read strictly (saxes: a truncated file is an error, DOCTYPE is refused, entities of the
 * document's own do not exist) and written back with everything it held: order, attributes, unknown elements.
 */
import { SaxesParser } from 'saxes';
import { BadInput } from '../foundation/bad-input';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: (XmlElement | string)[];
  /** Line of its opening tag, from 1; 0 for elements that were made here. */
  readonly line: number;
}

const DEEPEST = 100;

export function parseXml(text: string, file: string): XmlElement {
  const parser = new SaxesParser();
  const open: XmlElement[] = [];
  const roots: XmlElement[] = [];
  const fail = (message: string): never => {
    throw new BadInput('xml-invalid', message, 'Write the file again, or get it again from its source.', {
      file,
      line: parser.line,
    });
  };
  parser.on('error', (error) =>
    fail(`The XML is not well-formed: ${error.message.replace(/^\d+:\d+: /, '')}`),
  );
  parser.on('doctype', () => fail('The XML declares a document type (DOCTYPE); such files are refused.'));
  parser.on('opentag', ({ name, attributes }) => {
    const element: XmlElement = { name, attributes: { ...attributes }, children: [], line: parser.line };
    if (open.length >= DEEPEST) fail(`The XML is nested more than ${DEEPEST} levels deep.`);
    if (open.length > 0) open.at(-1)!.children.push(element);
    else roots.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', (content) => open.at(-1)?.children.push(content));
  parser.on('cdata', (content) => open.at(-1)?.children.push(content));
  parser.write(text).close();
  return roots[0] ?? fail('The XML is empty.');
}

const isElement = (child: XmlElement | string): child is XmlElement => typeof child !== 'string';

export const childElements = (element: XmlElement, name: string): XmlElement[] =>
  element.children.filter((child): child is XmlElement => isElement(child) && child.name === name);

/** Text of the first child of that name, trimmed; null where there is none. */
export function childText(element: XmlElement, name: string): string | null {
  const child = element.children.find((one) => isElement(one) && one.name === name);
  return child ? textOf(child as XmlElement) : null;
}

export const textOf = ({ children }: XmlElement): string => {
  const text = children.length === 1 ? children[0] : null;
  return (
    typeof text === 'string' ? text : children.filter((child) => typeof child === 'string').join('')
  ).trim();
};

/** Sets the text of the first child of that name; adds the child where it is missing. */
export function setChildText(element: XmlElement, name: string, text: string): void {
  const [child] = childElements(element, name);
  if (child) child.children.splice(0, child.children.length, text);
  else element.children.push({ name, attributes: {}, children: [text], line: 0 });
}

/** Characters that XML 1.0 cannot hold in any form are replaced. */
const escapeText = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
const escapeAttribute = (text: string): string =>
  escapeText(text).replaceAll('"', '&quot;').replaceAll('\n', '&#10;');

/** The document, indented by tabs; text between elements that is only white space is laid out anew. */
export function writeXml(element: XmlElement, indent = ''): string {
  const attributes = Object.entries(element.attributes)
    .map(([name, value]) => ` ${name}="${escapeAttribute(value)}"`)
    .join('');
  const children = element.children.filter((child) => isElement(child) || child.trim() !== '');
  if (children.length === 0) return `${indent}<${element.name}${attributes}/>\n`;
  if (!children.some(isElement)) {
    return `${indent}<${element.name}${attributes}>${escapeText(textOf(element))}</${element.name}>\n`;
  }
  const inner = children
    .map((child) =>
      isElement(child) ? writeXml(child, `${indent}\t`) : `${indent}\t${escapeText(child.trim())}\n`,
    )
    .join('');
  return `${indent}<${element.name}${attributes}>\n${inner}${indent}</${element.name}>\n`;
}
