package org.imagediet.service;

/** An HTTP answer. */
record Answer(int status, String contentType, String body) {

  static Answer text(String body) {
    return new Answer(200, "text/plain; charset=utf-8", body);
  }

  static Answer json(int status, String body) {
    return new Answer(status, "application/json", body + "\n");
  }

  static Answer error(int status, String message) {
    return json(status, Json.object("error", message));
  }
}
