"use client";
import { Button } from "@mantine/core";
import { IconArrowLeft, IconDownload, IconPrinter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Page } from "../../ui/page.tsx";
import { QueryStates } from "../../ui/query-states.tsx";
import { showInstant } from "../../ui/quantities.ts";
import { ReportContent } from "./report-content.tsx";
import { ReportState } from "./report-list.tsx";
import { monthlyReportQuery, reportCsvUrl } from "./queries.ts";
import classes from "./reports.module.css";

/** One report, as it reads on a screen and on paper. */
export function ReportView({ id, onClose }: { id: string; onClose: () => void }) {
  const report = useQuery(monthlyReportQuery(id));
  const { data } = report;
  return (
    <Page
      title={data === undefined ? "Report" : `${data.teamName}, ${data.month}`}
      {...(data === undefined
        ? {}
        : {
            description: `Version ${data.version}, ${data.timeZone}; ${showInstant(data.startsAt)} to ${showInstant(data.endsAt)}${data.isWhole ? "" : " (month so far)"}`,
          })}
      actions={
        <div className={classes.actions}>
          <Button size="xs" variant="default" leftSection={<IconArrowLeft size={14} aria-hidden />} onClick={onClose}>
            All reports
          </Button>
          {data?.state === "done" && (
            <>
              <Button
                component="a"
                href={reportCsvUrl(id)}
                download
                size="xs"
                variant="default"
                leftSection={<IconDownload size={14} aria-hidden />}
              >
                CSV
              </Button>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPrinter size={14} aria-hidden />}
                onClick={() => window.print()}
              >
                Print
              </Button>
            </>
          )}
        </div>
      }
    >
      <QueryStates query={report} skeletonRows={8}>
        {(loaded) =>
          loaded.content === null ? <ReportState report={loaded} /> : <ReportContent content={loaded.content} />
        }
      </QueryStates>
    </Page>
  );
}
