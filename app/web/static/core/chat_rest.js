// Where the chat's threads and runs answer.
import { follow, get, send } from "./api.js";

export const listed = () => get("/api/threads");
export const thread = (id) => get(`/api/threads/${id}`);
export const opened = (universe, day) => send("POST", "/api/threads", { universe, as_of: day || null });
export const forgotten = (id) => send("DELETE", `/api/threads/${id}`);
export const asked = (id, question) => send("POST", `/api/threads/${id}/turns`, question);
export const turn = (run) => get(`/api/runs/${run}`);
export const agreed = (run, verdict, without = []) => send("POST", `/api/runs/${run}/consent`, { verdict, without });
export const stopped = (run) => send("DELETE", `/api/runs/${run}`);
export const resumed = (run) => send("POST", `/api/runs/${run}/resume`);
export const followed = (run, heard, lost) => follow(`/api/runs/${run}/events`, heard, undefined, lost);
