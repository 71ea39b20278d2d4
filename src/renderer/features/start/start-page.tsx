/** What the app opens with when no project is open: drop, choose, or go on where one was. */
import { Crosshair, Download, FolderOpen, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { RecentProject } from '../../../contract/view-types';
import { ActionButton } from '../../app/action-button';
import { app } from '../../state/app-client';
import { openProject, openSample, useSession } from '../../state/session';
import './start.css';

const RECOGNISED = [
  [
    'Ground truth',
    'COCO, Pascal VOC, YOLO, TFRecord, CSV, Open Images, LabelMe, CVAT, Label Studio, KITTI, Create ML, VIA, VoTT; folders, zip or tar',
  ],
  ['Predictions', 'COCO results, YOLO, TFRecord, CSV, and what else has scores'],
  ['Models', 'SavedModel, ONNX, TensorFlow.js: Reticle runs them'],
  ['Classes', 'label_map.pbtxt'],
  ['Images', 'JPEG, PNG, TIFF, WebP, found by name'],
] as const;

export function StartPage(): ReactNode {
  return (
    <div className="start">
      <section className="start-main" data-pane aria-label="Start">
        <h1>Why is your detector’s score low?</h1>
        <p className="lead">
          Drop what you have. Nothing leaves this machine, and source folders are only read.
        </p>
        <div className="drop-zone">
          <Download size={28} aria-hidden="true" />
          <b>Drop a folder or files here</b>
          <span className="quiet">ground truth, images, predictions: in any order</span>
          <div className="row">
            <ActionButton action="import.folder" showsKey>
              Choose folder
            </ActionButton>
            <ActionButton action="import.files">Choose files</ActionButton>
            <ActionButton action="project.open">Open a project</ActionButton>
          </div>
        </div>
        <Projects />
      </section>
      <aside className="start-side" data-pane aria-label="What is recognised">
        <h2>What it recognises, by content</h2>
        <dl>
          {RECOGNISED.map(([what, which]) => (
            <div key={what}>
              <dt>{what}</dt>
              <dd>{which}</dd>
            </div>
          ))}
        </dl>
        <h2>What happens then</h2>
        <ol>
          <li>A dry run shows what was understood, with every doubt and its place.</li>
          <li>The import is all or nothing, into one project file.</li>
          <li>Every number is the official tool’s; every edit is saved as you make it.</li>
        </ol>
      </aside>
    </div>
  );
}

function Projects(): ReactNode {
  const [recent, setRecent] = useState<readonly RecentProject[]>([]);
  const showFailure = useSession((session) => session.showFailure);
  useEffect(() => {
    app('recent.list', {}).then(setRecent, showFailure);
  }, [showFailure]);
  return (
    <>
      <h2>Sample and recent projects</h2>
      <ul className="projects">
        <li>
          <button type="button" onClick={() => void openSample()}>
            <Crosshair size={24} aria-hidden="true" />
            <span className="grow">
              <b>Sample: blood smears</b>
              <span className="quiet">120 rendered images, 3 classes, planted label errors</span>
            </span>
            <span className="quiet">comes with Reticle</span>
          </button>
        </li>
        {recent.map(({ path, name, detail, openedAt }) => (
          <li key={path}>
            <button type="button" title={path} onClick={() => void openProject(path)}>
              <FolderOpen size={24} aria-hidden="true" />
              <span className="grow">
                <b>{name}</b>
                <span className="quiet">{detail}</span>
              </span>
              <span className="quiet">{new Date(openedAt).toLocaleDateString('en-GB')}</span>
            </button>
            <button
              type="button"
              className="bar-button icon"
              aria-label={`Forget ${name}`}
              onClick={() => void app('recent.forget', { path }).then(setRecent)}
            >
              <X size={14} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}
