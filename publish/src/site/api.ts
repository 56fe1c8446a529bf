// The library's public names, as TypeDoc reads them from the source.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Comment, DeclarationReflection, LogLevel as Level, PageEvent } from 'typedoc' with {
  'resolution-mode': 'import',
};

/** One public name, with its page in Markdown. */
export interface ApiName {
  /** As it is used: `descend`, `figures.lossChart`. */
  name: string;
  /** `function`, `interface`, ... */
  kind: string;
  /** Its source file, from lib/src. */
  file: string;
  /** The beginning of its doc comment, in Markdown. */
  summary: string;
  /** Its page as Markdown, and that page's path from the reference's folder. */
  markdown: string;
  page: string;
}

/** What TypeDoc found. */
export interface Api {
  names: ApiName[];
  /** What it complains of: links to nowhere, names without a doc comment. */
  warnings: string[];
}

/** Where a page's links to source code begin. */
export const sourceMark = 'source-of-the-library/';

const settings = (root: string) => ({
  name: 'The library',
  entryPoints: [join(root, 'lib/src/index.ts')],
  tsconfig: join(root, 'lib/tsconfig.json'),
  plugin: ['typedoc-plugin-markdown'],
  readme: 'none',
  excludePrivate: true,
  excludeExternals: true,
  excludeInternal: true,
  logLevel: 'Warn',
  disableGit: true,
  basePath: join(root, 'lib/src'),
  sourceLinkTemplate: `${sourceMark}{path}#L{line}`,
  gitRevision: 'none',
  skipErrorChecking: true, // npm test has the type check.
  outputFileStrategy: 'members',
  hideBreadcrumbs: true,
  hidePageHeader: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  pageTitleTemplates: { member: '{name}' },
  validation: { notDocumented: true, notExported: false, invalidLink: true },
  requiredToBeDocumented: ['Variable', 'Function', 'Class', 'Interface', 'TypeAlias', 'Property', 'Method', 'Accessor'],
  packagesRequiringDocumentation: ['descent-lab'],
});

const isName = (model: object): model is DeclarationReflection => 'sources' in model && Boolean(model.sources);

/** Whether TypeDoc misses what is told above: where no part of a type has a comment, the type's own speaks of them all. */
function isToldAbove(root: string, complaint: string): boolean {
  if (complaint.includes('.__type.')) return true;
  const [, type, file] =
    /^(?:\w+\.)?(\w+)\.\w+ \(Property\), defined in descent-lab\/(src\/\S+\.ts), /.exec(complaint) ?? [];
  if (file === undefined) return false;
  const source = readFileSync(join(root, 'lib', file), 'utf8');
  const [, parts] = new RegExp(`^export (?:interface|type) ${type}\\b[^{]*\\{(.*?)\\}(?:;?)$`, 'ms').exec(source) ?? [];
  return parts !== undefined && !parts.includes('/**');
}

const textOf = (comment: Comment | undefined): string => (comment?.summary ?? []).map(({ text }) => text).join('');

/** Reads the library in `root`; the pages are also left in the folder `scratch`. */
export async function readApi(root: string, scratch: string): Promise<Api> {
  const { Application, Logger, LogLevel, ReflectionKind } = await import('typedoc');
  const { MarkdownPageEvent } = await import('typedoc-plugin-markdown');
  const app = await Application.bootstrapWithPlugins(settings(root) as object);
  const warnings: string[] = [];
  app.logger = new (class extends Logger {
    override log(message: string, level: Level): void {
      if (Number(level) >= Number(LogLevel.Warn)) warnings.push(message);
    }
  })();
  const project = await app.convert();
  if (!project) throw new Error(`the library cannot be read: ${warnings.join('; ')}`);
  app.validate(project);
  const names: ApiName[] = [];
  app.renderer.on(MarkdownPageEvent.END, ({ model, url, contents }: PageEvent) => {
    if (!isName(model) || model.kind === ReflectionKind.Namespace) return;
    names.push({
      name: model.getFullName(),
      kind: ReflectionKind.singularString(model.kind).toLowerCase(),
      file: model.sources![0]!.fileName,
      summary: textOf(model.comment ?? model.signatures?.[0]?.comment),
      markdown: contents ?? '',
      page: url,
    });
  });
  await app.outputs.writeOutput({ name: 'markdown', path: scratch }, project);
  return { names, warnings: warnings.filter((complaint) => !isToldAbove(root, complaint)) };
}
