/** The frame: top bar, rail, page, status bar, and what floats over them. */
import {
  ChartColumn,
  ChartSpline,
  Columns2,
  Download,
  GalleryThumbnails,
  History,
  Image,
  ListChecks,
  ListTree,
  TrendingDown,
} from 'lucide-react';
import type { ComponentType, ReactNode } from 'react';
import { useEffect, useRef } from 'react';
import { CausesPage } from '../features/causes/causes-page';
import { ComparePage } from '../features/compare/compare-page';
import { DataPage } from '../features/data/data-page';
import { Dialogs } from '../features/dialogs/dialogs';
import { FixesPage } from '../features/fixes/fixes-page';
import { GalleryPage } from '../features/gallery/gallery-page';
import { useWantedView } from '../features/gallery/saved-views';
import { HistoryPage } from '../features/history/history-page';
import { ImagePage } from '../features/image/image-page';
import { MetricsPage } from '../features/metrics/metrics-page';
import { ImportPage } from '../features/start/import-page';
import { StartPage } from '../features/start/start-page';
import { TrainingPage } from '../features/training/training-page';
import type { Section } from '../state/session-state';
import { useSession } from '../state/session';
import { useAppActions } from './app-actions';
import { Banners } from './banners';
import { StatusBar } from './status-bar';
import { Toast } from './toast';
import { TopBar } from './top-bar';
import { runAction } from './use-action';
import { useDrop } from './use-drop';
import { useTheme } from './use-theme';

export function Shell(): ReactNode {
  useTheme();
  useAppActions();
  useWantedView();
  const section = useSession((session) => session.section);
  const hasProject = useSession((session) => session.project !== null);
  const hasRail = hasProject && section !== 'start' && section !== 'import';
  const isDragging = useDrop();
  return (
    <div className="app" data-rail={hasRail}>
      <TopBar />
      {hasRail && <Rail />}
      <main className="main" tabIndex={-1}>
        <Banners />
        <div className="page">
          <Page section={section} />
        </div>
      </main>
      <StatusBar />
      <Dialogs />
      <Toast />
      {isDragging && (
        <div className="drop-veil">Drop to import: nothing is written before you have seen what it is</div>
      )}
    </div>
  );
}

function Page({ section }: { readonly section: Section }): ReactNode {
  switch (section) {
    case 'start':
      return <StartPage />;
    case 'import':
      return <ImportPage />;
    case 'causes':
      return <CausesPage />;
    case 'fixes':
      return <FixesPage />;
    case 'failures':
      return <GalleryPage key="failures" kind="failures" />;
    case 'images':
      return <GalleryPage key="images" kind="images" />;
    case 'image':
      return (
        <>
          <h1 className="visually-hidden">Image</h1>
          <ImagePage />
        </>
      );
    case 'metrics':
      return <MetricsPage />;
    case 'compare':
      return <ComparePage />;
    case 'data':
      return <DataPage />;
    case 'training':
      return <TrainingPage />;
    case 'history':
      return <HistoryPage />;
  }
}

const SECTIONS: readonly {
  readonly section: Section;
  readonly label: string;
  readonly icon: ComponentType<{ size?: number }>;
}[] = [
  { section: 'causes', label: 'Causes', icon: ListTree },
  { section: 'fixes', label: 'Fixes', icon: ListChecks },
  { section: 'failures', label: 'Failures', icon: GalleryThumbnails },
  { section: 'images', label: 'Images', icon: Image },
  { section: 'metrics', label: 'Metrics', icon: ChartSpline },
  { section: 'compare', label: 'Compare', icon: Columns2 },
  { section: 'data', label: 'Data', icon: ChartColumn },
  { section: 'training', label: 'Training', icon: TrendingDown },
];

function Rail(): ReactNode {
  const section = useSession((session) => session.section);
  const gallery = useSession((session) => session.gallery);
  const setSection = useSession((session) => session.setSection);
  const current = section === 'image' ? gallery : section;
  const entry = (to: Section, label: string, Icon: ComponentType<{ size?: number }>) => (
    <button
      key={to}
      type="button"
      aria-current={current === to ? 'page' : undefined}
      onClick={() => setSection(to)}
    >
      <Icon size={20} />
      {label}
    </button>
  );
  const rail = useRef<HTMLElement>(null);
  // A low window, or large text, leaves no room for all of it.
  useEffect(
    () => rail.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' }),
    [current],
  );
  return (
    // A click leaves the focus where it was: what Enter does next is what the page says.
    <nav className="rail" aria-label="Sections" ref={rail} onMouseDown={(event) => event.preventDefault()}>
      {SECTIONS.map(({ section: to, label, icon }) => entry(to, label, icon))}
      <span className="grow" />
      {entry('history', 'History', History)}
      <button type="button" onClick={() => runAction('export.labels')}>
        <Download size={20} />
        Export
      </button>
    </nav>
  );
}
