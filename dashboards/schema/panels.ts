// What our dashboards are made of, in the types of a release of Grafana.
// SOURCE is the folder of the release's types.
import * as grafana from '@grafana/schema';
import * as barchart from 'SOURCE/barchart';
import * as geomap from 'SOURCE/geomap';
import * as logs from 'SOURCE/logs';
import * as stat from 'SOURCE/stat';
import * as statetimeline from 'SOURCE/statetimeline';
import * as table from 'SOURCE/table';
import * as timeseries from 'SOURCE/timeseries';

export interface Schema {
  dashboard: grafana.Dashboard;
  row: grafana.RowPanel;
  panel: grafana.Panel;
  field: grafana.FieldConfig;
  'barchart options': barchart.Options;
  'barchart custom': barchart.FieldConfig;
  'geomap options': geomap.Options;
  'geomap custom': grafana.HideableFieldConfig;
  'logs options': logs.Options;
  'stat options': stat.Options;
  'state-timeline options': statetimeline.Options;
  'state-timeline custom': statetimeline.FieldConfig;
  'table options': table.Options;
  'table custom': grafana.TableFieldOptions;
  'timeseries options': timeseries.Options;
  'timeseries custom': grafana.GraphFieldConfig;
}
