/**
 * What a source file consists of, by tree-sitter: its functions and classes, and what it imports. Grammars are WebAssembly
 * files that are loaded when the first file of their language is met.
 *
 * Invariant: nothing here throws. A grammar that is missing, broken or does not get on with a text leaves the file to be
 * read by its lines.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Node, Parser, Tree } from '@vscode/tree-sitter-wasm';
import { type Import, importsIn, type Language } from '../../core/retrieval/languages';
import { type Block, paragraphs } from '../../core/retrieval/ranges';

/** What is known of a file's text. */
export type Outline = {
  /** Functions, classes and the like, those that lie in another one as well. */
  readonly blocks: readonly Block[];
  readonly imports: readonly Import[];
};

export interface Grammars {
  /** Loads what texts of a language need, so that the first of them does not wait for it. */
  prepare(language: Language): Promise<void>;
  /** The outline of a text; `language` is null when nobody knows it. */
  outlineOf(text: string, language: Language | null): Promise<Outline>;
}

type TreeSitter = typeof import('@vscode/tree-sitter-wasm');

const DEFINITION =
  /^(?:(?:async_|abstract_|generator_)?(?:function|method|class|interface|enum|struct|record|trait|impl|constructor|macro|module|namespace|type_alias|type|mod|union|const|static|lexical|variable|field|decorated|template|internal_module)(?:_signature)?_(?:declaration|definition|item|specifier)|method|class|module|singleton_method|preproc_function_def|export_statement)$/;
const IMPORT =
  /^(?:import_statement|import_from_statement|import_declaration|use_declaration|mod_item|preproc_include|using_directive|namespace_use_declaration|export_statement)$/;
/** Expressions that import: of scripts, Ruby and PHP. */
const IMPORT_CALL = /^(?:call_expression|call|(?:require|include)(?:_once)?_expression)$/;
const IMPORTING = /^\s*(?:import|require(?:_relative)?|require_once|include|include_once)\b/;

type Kind = { readonly imports: boolean; readonly calls: boolean; readonly defines: boolean };
const kinds = new Map<string, Kind>();

/** What a type of node is; there are some hundreds of types, and thousands of nodes in every text. */
function kindOf(type: string): Kind {
  const before = kinds.get(type);
  if (before !== undefined) return before;
  const kind = { imports: IMPORT.test(type), calls: IMPORT_CALL.test(type), defines: DEFINITION.test(type) };
  kinds.set(type, kind);
  return kind;
}

/** How deep definitions are looked for: a method in a class in a namespace. */
const DEPTH = 7;
const NODES = 20_000;
const TEXT_LIMIT = 512 * 1024;
const KEPT = 400;

/** Grammars by their folder: a process loads each once. */
const opened = new Map<string, Grammars>();

/** The grammars in a folder; null for none, with which every file is read by its lines. */
export function grammarsIn(folder: string | null): Grammars {
  const key = folder ?? '';
  const before = opened.get(key);
  if (before !== undefined) return before;
  const made = openGrammars(folder);
  opened.set(key, made);
  return made;
}

function openGrammars(folder: string | null): Grammars {
  let library: Promise<TreeSitter | null> | null = null;
  const parsers = new Map<Language, Promise<Parser | null>>();
  const outlines = new Map<string, Outline>();

  const parserOf = (language: Language): Promise<Parser | null> => {
    library ??= folder === null ? Promise.resolve(null) : start(folder).catch(() => null);
    const before = parsers.get(language);
    if (before !== undefined) return before;
    const made = library.then((found) => (found === null || folder === null ? null : load(found, folder, language)));
    const safe = made.catch(() => null);
    parsers.set(language, safe);
    return safe;
  };

  return {
    async prepare(language) {
      await parserOf(language);
    },
    async outlineOf(text, language) {
      const key = `${language}\0${text}`;
      const before = outlines.get(key);
      if (before !== undefined) return before;
      const parser = language === null || text.length > TEXT_LIMIT ? null : await parserOf(language);
      const outline = (parser && language && parsed(parser, text, language)) ?? byLines(text, language);
      if (outlines.size >= KEPT) outlines.delete(outlines.keys().next().value ?? '');
      outlines.set(key, outline);
      return outline;
    },
  };
}

async function start(folder: string): Promise<TreeSitter> {
  const module = await import('@vscode/tree-sitter-wasm');
  // A CommonJS module: Node gives what it exports as its default.
  const library = 'default' in module ? (module.default as TreeSitter) : module;
  await library.Parser.init({ locateFile: () => path.join(folder, 'tree-sitter.wasm') });
  return library;
}

async function load({ Parser, Language }: TreeSitter, folder: string, language: Language): Promise<Parser> {
  const grammar = await Language.load(await readFile(path.join(folder, `tree-sitter-${language}.wasm`)));
  return new Parser().setLanguage(grammar);
}

function byLines(text: string, language: Language | null): Outline {
  const blocks = paragraphs(text.split('\n'));
  return { blocks, imports: language === null ? [] : importsIn(language, text) };
}

function parsed(parser: Parser, text: string, language: Language): Outline | null {
  let tree: Tree | null = null;
  try {
    tree = parser.parse(text);
    return tree && outline(tree, language);
  } catch {
    return null;
  } finally {
    tree?.delete();
  }
}

function outline(tree: Tree, language: Language): Outline {
  const blocks: Block[] = [];
  const statements: string[] = [];
  let nodes = 0;
  const cursor = tree.walk();
  const visit = (depth: number): void => {
    do {
      nodes++;
      const { imports, calls, defines } = kindOf(cursor.nodeType);
      if (imports) statements.push(cursor.nodeText);
      else if (calls && IMPORTING.test(cursor.nodeText.slice(0, 30))) statements.push(cursor.nodeText);
      if (defines) blocks.push(blockOf(cursor.currentNode));
      if (depth < DEPTH && nodes < NODES && cursor.gotoFirstChild()) {
        visit(depth + 1);
        cursor.gotoParent();
      }
    } while (nodes < NODES && cursor.gotoNextSibling());
  };
  if (cursor.gotoFirstChild()) visit(0);
  cursor.delete();
  return { blocks, imports: importsIn(language, statements.join(';\n')) };
}

/** Comments right above belong to what they are about. */
function blockOf(node: Node): Block {
  let first = node;
  for (
    let above = node.previousNamedSibling;
    above !== null && isAbout(above, first);
    above = above.previousNamedSibling
  ) {
    first = above;
  }
  const name = node.childForFieldName('name')?.text ?? '';
  return { name: name.slice(0, 200), from: first.startPosition.row + 1, to: node.endPosition.row + 1 };
}

const isAbout = (above: Node, below: Node): boolean =>
  /comment|attribute|decorator/.test(above.type) && above.endPosition.row >= below.startPosition.row - 1;
