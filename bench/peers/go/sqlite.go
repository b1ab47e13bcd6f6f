// Tasks on SQLite: one connection that writes, several that read, statements prepared once, every commit synced to disk.
// The statements take no context: with one that can end, go-sqlite3 starts a goroutine for each row.
package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"runtime"
	"time"

	_ "github.com/mattn/go-sqlite3"
)

type sqliteStore struct{ listing, getting, creating *sql.Stmt }

func openSQLite(path string) (store, error) {
	uri := "file:" + path + "?_journal_mode=WAL&_synchronous=FULL&_busy_timeout=5000&_foreign_keys=on"
	writer, err := sql.Open("sqlite3", uri)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	readers, err := sql.Open("sqlite3", uri+"&mode=ro")
	if err != nil {
		return nil, err
	}
	connections := runtime.NumCPU() * 2
	readers.SetMaxOpenConns(connections)
	readers.SetMaxIdleConns(connections)

	var s sqliteStore
	s.listing, err = readers.Prepare(
		"SELECT " + columns + " FROM tasks WHERE owner_id = ? ORDER BY created_at DESC, id DESC LIMIT ?")
	if err != nil {
		return nil, err
	}
	s.getting, err = readers.Prepare("SELECT " + columns + " FROM tasks WHERE id = ? AND owner_id = ?")
	if err != nil {
		return nil, err
	}
	s.creating, err = writer.Prepare(
		"INSERT INTO tasks (title, description, priority, due_at, owner_id, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?) RETURNING " +
			columns)
	return s, err
}

func (s sqliteStore) list(_ context.Context, owner int64, limit int) ([]Task, error) {
	rows, err := s.listing.Query(owner, limit)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	tasks := make([]Task, 0, limit)
	for rows.Next() {
		task, err := scanSQLite(rows)
		if err != nil {
			return nil, err
		}
		tasks = append(tasks, task)
	}
	return tasks, rows.Err()
}

func (s sqliteStore) get(_ context.Context, owner, id int64) (Task, error) {
	task, err := scanSQLite(s.getting.QueryRow(id, owner))
	if errors.Is(err, sql.ErrNoRows) {
		err = errNotFound
	}
	return task, err
}

func (s sqliteStore) create(_ context.Context, owner int64, task NewTask) (Task, error) {
	now := time.Now().UnixMicro()
	return scanSQLite(s.creating.QueryRow(task.Title, task.Description, task.Priority, microseconds(task.DueAt), owner, now, now))
}

type row interface{ Scan(...interface{}) error }

func scanSQLite(row row) (task Task, err error) {
	var due, completed *int64
	var created, updated int64
	var labels []byte
	err = row.Scan(&task.ID, &task.Title, &task.Description, &task.Status, &task.Priority, &task.OwnerID, &task.AssigneeID,
		&labels, &due, &task.Archived, &completed, &created, &updated, &task.Version)
	if err != nil {
		return
	}
	task.DueAt, task.CompletedAt = instant(due), instant(completed)
	task.CreatedAt, task.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
	return task, json.Unmarshal(labels, &task.Labels)
}

func instant(microseconds *int64) *time.Time {
	if microseconds == nil {
		return nil
	}
	instant := time.UnixMicro(*microseconds).UTC()
	return &instant
}

func microseconds(instant *time.Time) *int64 {
	if instant == nil {
		return nil
	}
	value := instant.UnixMicro()
	return &value
}
