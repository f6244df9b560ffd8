package service

import (
	"bytes"
	"errors"
	"net/http"
	"os"
)

// tmp writes a temporary file where the system keeps them, reads it back and deletes it.
func tmp(w http.ResponseWriter, _ *http.Request) {
	path, err := tryTempFile([]byte("three images, one service\n"))
	if err != nil {
		replyError(w, http.StatusInternalServerError, err.Error())
		return
	}
	reply(w, http.StatusOK, map[string]string{"path": path})
}

func tryTempFile(content []byte) (path string, err error) {
	file, err := os.CreateTemp("", "diet-*.tmp")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	_, err = file.Write(content)
	if err = errors.Join(err, file.Close()); err != nil {
		return "", err
	}
	back, err := os.ReadFile(file.Name())
	if err == nil && !bytes.Equal(back, content) {
		err = errors.New(file.Name() + " reads back differently")
	}
	return file.Name(), err
}
